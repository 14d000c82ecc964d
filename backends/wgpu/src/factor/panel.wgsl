// Elimination in some columns of matrices, each by a team of invocations of one workgroup: LU with partial
// pivoting, or Cholesky's L.
// Columns `first` to `last` are eliminated from those up to `end`, in all rows.

var<workgroup> sizes: array<Real, 256>;
var<workgroup> places: array<u32, 256>;
// what is subtracted, times the factor of a row
var<workgroup> ahead: array<Number, 256>;

fn panel(group: u32, lane: u32) {
    // the number of the invocation in its team, and where the team's share of the arrays begins
    let team = m[8];
    let member = lane % team;
    let own = lane - member;
    let b = group * (256u / team) + lane / team;
    let there = b < m[1];
    let n = m[2];
    let rows = select(0u, n, there);
    let width = m[3];
    let first = m[4];
    let last = m[5];
    let end = m[6];
    let stop = select(0u, end, there);
    let across = min(team, 32u);
    let definite = m[7] == 1u;
    let base = b * n * width;
    var failed = 0u;
    for (var k = first; k < last; k++) {
        if !definite {
            // the largest element of the column, the first of equal ones
            var best = Real(-1.0);
            var place = k;
            for (var i = k + member; i < rows; i += team) {
                let size = modulus(work_get(base + i * width + k));
                if size > best {
                    best = size;
                    place = i;
                }
            }
            sizes[lane] = best;
            places[lane] = place;
            workgroupBarrier();
            let used = min(team, n - k);
            for (var half = (1u << (32u - countLeadingZeros(used - 1u))) >> 1u; half > 0u; half >>= 1u) {
                if member < half {
                    let other = lane + half;
                    let equal = sizes[other] == sizes[lane] && places[other] < places[lane];
                    if sizes[other] > sizes[lane] || equal {
                        sizes[lane] = sizes[other];
                        places[lane] = places[other];
                    }
                }
                workgroupBarrier();
            }
            let pivot = places[own];
            if member == 0u && there {
                pivots_set(b * n + k, pivot);
            }
            if pivot != k {
                for (var j = first + member; j < stop; j += team) {
                    let above = work_get(base + k * width + j);
                    work_set(base + k * width + j, work_get(base + pivot * width + j));
                    work_set(base + pivot * width + j, above);
                }
            }
            storageBarrier();
        }
        var pivot = work_get(base + k * width + k);
        let size = select(modulus(pivot), real_of(pivot), definite);
        let fine = size > Real(0.0) && isfinite_R(size);
        if !fine {
            failed = select(failed, k + 1u, failed == 0u);
            pivot = of_real(Real(1.0));
        }
        if definite {
            pivot = of_real(sqrt(real_of(pivot)));
        } else {
            for (var j = k + 1u + member; j < stop; j += team) {
                ahead[own + j - first] = work_get(base + k * width + j);
            }
        }
        for (var i = k + 1u + member; i < rows; i += team) {
            var factor = over(work_get(base + i * width + k), pivot);
            if !fine {
                factor = of_real(Real(0.0));
            }
            work_set(base + i * width + k, factor);
            if definite && i < end {
                ahead[own + i - first] = adjoint(factor);
            }
        }
        // all have read the pivot: they have been at the barrier after this one
        workgroupBarrier();
        storageBarrier();
        if definite && member == 0u && there {
            work_set(base + k * width + k, pivot);
        }
        for (var i = k + 1u + member / across; i < rows; i += team / across) {
            let factor = work_get(base + i * width + k);
            for (var j = k + 1u + member % across; j < end; j += across) {
                let at = base + i * width + j;
                work_set(at, work_get(at) - times(factor, ahead[own + j - first]));
            }
        }
        workgroupBarrier();
        storageBarrier();
    }
    if member == 0u && there && failed > 0u && state_load(b) == 0u {
        state_max(b, failed);
        state_max(m[1], m[1] - b);
    }
}
