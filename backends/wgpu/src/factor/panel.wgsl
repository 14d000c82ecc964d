// Elimination in some columns of matrices, each by a team of invocations of a workgroup: LU
// decomposition with partial pivoting, or Cholesky's L. The columns from `first` to `last` are
// eliminated from the columns up to `end`, in all rows.

var<workgroup> sizes: array<Real, GROUP>;
var<workgroup> rows_of: array<u32, GROUP>;
// the row that is subtracted from others, multiplied by a factor each
var<workgroup> ahead: array<Number, GROUP>;

fn panel(group: u32, lane: u32) {
    // the index of the invocation in its team, and of the first invocation of the team
    let team = p.team;
    let member = lane % team;
    let own = lane - member;
    let b = group * (GROUP / team) + lane / team;
    let there = b < p.count;
    let n = p.n;
    let rows = select(0u, n, there);
    let width = p.width;
    let first = p.first;
    let last = p.last;
    let end = p.end;
    let stop = select(0u, end, there);
    let across = min(team, PANEL);
    let definite = p.definite == 1u;
    let base = b * n * width;
    var failed = 0u;
    for (var k = first; k < last; k++) {
        if !definite {
            // the largest element of the column, the first of equal ones
            var best = Real(-1.0);
            var row = k;
            for (var i = k + member; i < rows; i += team) {
                let size = modulus(work_get(base + i * width + k));
                if size > best {
                    best = size;
                    row = i;
                }
            }
            sizes[lane] = best;
            rows_of[lane] = row;
            workgroupBarrier();
            let used = min(team, n - k);
            for (var half = (1u << (32u - countLeadingZeros(used - 1u))) >> 1u; half > 0u; half >>= 1u) {
                if member < half {
                    let other = lane + half;
                    let equal = sizes[other] == sizes[lane] && rows_of[other] < rows_of[lane];
                    if sizes[other] > sizes[lane] || equal {
                        sizes[lane] = sizes[other];
                        rows_of[lane] = rows_of[other];
                    }
                }
                workgroupBarrier();
            }
            let pivot = rows_of[own];
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
        // all invocations have read the pivot before these barriers
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
        state_max(p.count, p.count - b);
    }
}
