/// The first line of a session's journal: what it is, and which service answered.
package struct JournalHeader: Codable, Sendable, Equatable {
    /// Name and version of the layout.
    package static let format = "interhuman-events-1"

    package var format = JournalHeader.format
    package var service: ServiceIdentity

    /// Creates the first line of a journal.
    package init(service: ServiceIdentity) {
        self.service = service
    }
}
