/// The word that `word` was probably meant to be.
///
/// - Returns: The nearest of `words` by edits of single letters, or nil where none is near.
package func nearest(_ word: String, among words: [String]) -> String? {
    words.map { (word: $0, distance: editDistance(word.lowercased(), $0.lowercased())) }
        .filter { $0.distance <= 2 && $0.distance < $0.word.count }
        .min { $0.distance < $1.distance }?.word
}

/// How a message asks whether a near word was meant; empty where there is none.
package func suggestion(for word: String, among words: [String]) -> String {
    nearest(word, among: words).map { " (did you mean \"\($0)\"?)" } ?? ""
}

/// The number of letters to insert, delete or replace until `left` is `right` (Levenshtein 1966).
private func editDistance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (index, letter) in left.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in right.indices {
            let replaced = diagonal + (letter == right[column] ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
        }
    }
    return row[right.count]
}
