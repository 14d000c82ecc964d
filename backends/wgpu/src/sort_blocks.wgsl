var<workgroup> block: array<Key, GROUP>;
var<workgroup> origin: array<u32, GROUP>;

// The workgroup sorts a block of a line: it merges runs of one element each, then of two, and so
// on.
fn sort_block(group: u32, lane: u32) {
    let there = group < p.groups;
    let line = group / p.blocks;
    let first = (group % p.blocks) * GROUP;
    let count = select(0u, min(GROUP, p.len - first), there);
    let mine = lane < count;
    var own: Key;
    var home = first + lane;
    if mine {
        own = key_of(value(line * p.len + home));
        block[lane] = own;
        origin[lane] = home;
    }
    for (var width = 1u; width < GROUP; width *= 2u) {
        workgroupBarrier();
        var target_lane = lane;
        if mine {
            own = block[lane];
            home = origin[lane];
            // the number of elements of the other run that come before this one
            let start = lane & ~(2u * width - 1u);
            let later = (lane & width) != 0u;
            let other = select(start + width, start, later);
            var low = min(other, count);
            var high = min(other + width, count);
            let begin = low;
            while low < high {
                let middle = (low + high) / 2u;
                let key = block[middle];
                if select(comes_before(key, own), !comes_before(own, key), later) {
                    low = middle + 1u;
                } else {
                    high = middle;
                }
            }
            target_lane = select(lane, lane - width, later) + (low - begin);
        }
        workgroupBarrier();
        if mine {
            block[target_lane] = own;
            origin[target_lane] = home;
        }
    }
    workgroupBarrier();
    if mine {
        let to = line * p.len + first + lane;
        keys_set(to, block[lane]);
        at_set(to, origin[lane]);
    }
}
