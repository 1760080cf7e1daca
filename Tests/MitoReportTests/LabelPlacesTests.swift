import Testing

@testable import MitoReport

/// Where the words of a picture find room.
struct LabelPlacesTests {
    private func label(_ places: [(x: Int, y: Int)]) -> LabelPlaces.Label {
        LabelPlaces.Label(text: "words", style: "label", anchor: .start, places: places)
    }

    @Test func `a text takes its first place when that is free`() {
        var places = LabelPlaces()
        places.addHead([(200, 200), (191, 196), (191, 204)])
        places.add(label([(10, 20), (60, 20)]))
        #expect(places.placed().map(\.x) == [10])
    }

    @Test func `a text does not lie on the head of an arrow`() {
        var places = LabelPlaces()
        places.addHead([(20, 18), (11, 14), (11, 22)])
        places.add(label([(10, 20), (60, 20)]))
        #expect(places.placed().map(\.x) == [60])
    }

    @Test func `a text does not lie on another`() {
        var places = LabelPlaces()
        places.add(label([(10, 20), (60, 20)]))
        places.add(label([(12, 22), (60, 22)]))
        #expect(places.placed().map(\.x) == [10, 60])
    }

    @Test func `where there is no room the first place is taken`() {
        var places = LabelPlaces()
        places.add(label([(10, 20)]))
        places.add(label([(12, 22), (14, 22)]))
        #expect(places.placed().map(\.x) == [10, 12])
    }
}
