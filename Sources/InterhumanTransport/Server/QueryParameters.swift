/// The parameters of a URL's query.
enum QueryParameters {
    /// Splits at `&` and `=` and decodes; a parameter without `=` has an empty value.
    static func parse(_ query: Substring) -> [(name: String, value: String)] {
        query.split(separator: "&").map { parameter in
            let name = parameter.prefix { $0 != "=" }
            return (PercentEncoding.decode(name), PercentEncoding.decode(parameter.dropFirst(name.count + 1)))
        }
    }
}
