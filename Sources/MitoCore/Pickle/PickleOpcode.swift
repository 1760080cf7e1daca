/// The instructions of the pickle machine that a reader accepts, under the names that Python gives them.
enum PickleOpcode: UInt8 {
    case proto = 0x80
    case stop = 0x2E

    case none = 0x4E
    case newTrue = 0x88
    case newFalse = 0x89
    /// Decimal digits and a line feed; `00` and `01` are the oldest spelling of False and True.
    case int = 0x49
    case binInt = 0x4A
    case binInt1 = 0x4B
    case binInt2 = 0x4D
    case long1 = 0x8A
    case long4 = 0x8B
    case binFloat = 0x47
    case binUnicode = 0x58
    /// Bytes, as Python 2 wrote its strings.
    case shortBinString = 0x55
    case binString = 0x54

    case emptyList = 0x5D
    case append = 0x61
    case appends = 0x65
    case emptyDict = 0x7D
    case setItem = 0x73
    case setItems = 0x75
    case mark = 0x28
    case emptyTuple = 0x29
    case tuple = 0x74
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87

    case binPut = 0x71
    case longBinPut = 0x72
    case binGet = 0x68
    case longBinGet = 0x6A
    case pop = 0x30
    case popMark = 0x31

    case global = 0x63
    case reduce = 0x52
}
