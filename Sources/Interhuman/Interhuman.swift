/// `import Interhuman` gives the whole SDK but the local service and the testing kit.
@_exported public import InterhumanCapture
@_exported public import InterhumanCore
@_exported public import InterhumanEncode
@_exported public import InterhumanSession
@_exported public import InterhumanTransport
@_exported public import InterhumanWire
