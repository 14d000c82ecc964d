// Elimination in some columns of a matrix, by one workgroup: LU with partial pivoting, or Cholesky's L.
// Columns `first` to `last` are eliminated from those up to `end`, in all rows.

var<workgroup> sizes: array<Real, 256>;
var<workgroup> places: array<u32, 256>;
// what is subtracted, times the factor of a row
var<workgroup> ahead: array<Number, 256>;

fn panel(b: u32, lane: u32) {
    let n = m[2];
    let width = m[3];
    let first = m[4];
    let last = m[5];
    let end = m[6];
    let definite = m[7] == 1u;
    let base = b * n * width;
    var failed = 0u;
    for (var k = first; k < last; k++) {
        if !definite {
            // the largest element of the column, the first of equal ones
            var best = Real(-1.0);
            var place = k;
            for (var i = k + lane; i < n; i += 256u) {
                let size = modulus(work_get(base + i * width + k));
                if size > best {
                    best = size;
                    place = i;
                }
            }
            sizes[lane] = best;
            places[lane] = place;
            workgroupBarrier();
            let used = min(256u, n - k);
            for (var half = (1u << (32u - countLeadingZeros(used - 1u))) >> 1u; half > 0u; half >>= 1u) {
                if lane < half {
                    let other = lane + half;
                    let equal = sizes[other] == sizes[lane] && places[other] < places[lane];
                    if sizes[other] > sizes[lane] || equal {
                        sizes[lane] = sizes[other];
                        places[lane] = places[other];
                    }
                }
                workgroupBarrier();
            }
            let pivot = places[0];
            if lane == 0u {
                pivots_set(b * n + k, pivot);
            }
            if pivot != k {
                for (var j = first + lane; j < end; j += 256u) {
                    let above = work_get(base + k * width + j);
                    work_set(base + k * width + j, work_get(base + pivot * width + j));
                    work_set(base + pivot * width + j, above);
                }
            }
            storageBarrier();
        }
        var pivot = work_get(base + k * width + k);
        let size = select(modulus(pivot), real_of(pivot), definite);
        let fine = size > Real(0.0) && is_finite_R(size);
        if !fine {
            failed = select(failed, k + 1u, failed == 0u);
            pivot = of_real(Real(1.0));
        }
        if definite {
            pivot = of_real(sqrt(real_of(pivot)));
        } else {
            for (var j = k + 1u + lane; j < end; j += 256u) {
                ahead[j - first] = work_get(base + k * width + j);
            }
        }
        for (var i = k + 1u + lane; i < n; i += 256u) {
            var factor = over(work_get(base + i * width + k), pivot);
            if !fine {
                factor = of_real(Real(0.0));
            }
            work_set(base + i * width + k, factor);
            if definite && i < end {
                ahead[i - first] = adjoint(factor);
            }
        }
        // all have read the pivot: they have been at the barrier after this one
        workgroupBarrier();
        storageBarrier();
        if definite && lane == 0u {
            work_set(base + k * width + k, pivot);
        }
        for (var i = k + 1u + lane / 32u; i < n; i += 8u) {
            let factor = work_get(base + i * width + k);
            for (var j = k + 1u + lane % 32u; j < end; j += 32u) {
                let at = base + i * width + j;
                work_set(at, work_get(at) - times(factor, ahead[j - first]));
            }
        }
        workgroupBarrier();
        storageBarrier();
    }
    if lane == 0u && failed > 0u && state_load(b) == 0u {
        state_max(b, failed);
        state_max(m[1], m[1] - b);
    }
}
