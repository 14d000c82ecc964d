// Writes some elements, a workgroup's size apart.
fn map_words(group: u32, lane: u32) {
    for (var k = 0u; k < WORDS; k++) {
        let i = (group * WORDS + k) * GROUP + lane;
        if i < p.count {
            out_set(i, value(i));
        }
    }
}
