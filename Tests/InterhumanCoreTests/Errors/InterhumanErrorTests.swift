import InterhumanCore
import Testing

@Suite struct InterhumanErrorTests {
    @Test func descriptionsSayWhatWhereAndWhy() {
        let error = ConnectionError(
            .refused, operation: "open the connection", message: "The service is busy. Try later.",
            underlying: "HTTP 503", correlationID: "c-1")
        #expect(
            error.description
                == "refused (open the connection): The service is busy. Try later. [HTTP 503] [correlation id c-1]")
    }

    @Test func whatIsMissingIsLeftOut() {
        let error = CaptureError(.busy, operation: "open /dev/video0", message: "Close it elsewhere.", underlying: "")
        #expect(error.description == "busy (open /dev/video0): Close it elsewhere.")
        #expect(error.correlationID == nil)
    }

    @Test func codesAreOpen() {
        #expect(EncodeError.Code(rawValue: "library") == .library)
        #expect(EncodeError.Code(rawValue: "from the future") != .library)
    }
}
