// The word `index` of packed elements, of which there are `p.count` in all.
fn packed_word(index: u32) -> u32 {
    let first = index * PER_WORD;
    let there = min(PER_WORD, p.count - first);
    var word = 0u;
    for (var k = 0u; k < there; k++) {
        word |= element(first + k) << (k * (32u / PER_WORD));
    }
    return word;
}
