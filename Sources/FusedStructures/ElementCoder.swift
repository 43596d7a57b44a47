import Foundation

/// Turns elements into bytes and back: by the type's own form where it has one, else as JSON with
/// sorted keys, so that the same element always gives the same bytes.
enum ElementCoder<Element: Codable> {
    // The type is asked, not the element: an optional's value would answer for the optional.
    private static var compactType: (any FusedElement.Type)? {
        Element.self as? any FusedElement.Type
    }

    /// The bytes of every element; nil where they differ.
    static var byteCount: Int? { compactType?.fusedByteCount }

    /// - Parameter canonical: whether equal elements have to give the same bytes.
    static func encode(
        _ element: Element, canonical: Bool = false
    ) throws(FusedError) -> [UInt8] {
        if compactType != nil, let compact = element as? any FusedElement {
            return canonical ? compact.canonicalFusedBytes : compact.fusedBytes
        }
        do {
            let text = try jsonEncoder.encode(element)
            // The whole text: no character of JSON's own joins one of a string.
            return canonical
                ? String(decoding: text, as: UTF8.self).canonicalFusedBytes : Array(text)
        } catch {
            throw .cannotEncode(type: "\(Element.self)", reason: "\(error)")
        }
    }

    static func decode(_ bytes: [UInt8]) throws(FusedError) -> Element {
        if let compactType {
            guard let element = compactType.init(fusedBytes: bytes) as? Element else {
                throw .cannotDecode(
                    type: "\(Element.self)", reason: "its \(bytes.count) bytes are no value of it")
            }
            return element
        }
        do {
            return try jsonDecoder.decode(Element.self, from: Data(bytes))
        } catch {
            throw .cannotDecode(type: "\(Element.self)", reason: "\(error)")
        }
    }
}

private let jsonEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
}()

private let jsonDecoder = {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
}()
