/// A list that keeps the weightiest of what it is given, in order, and counts the rest.
///
/// Of equals those in the middle go first: how something began and how it ended tells most.
struct BoundedList<Item> {
    let capacity: Int
    private(set) var items: [Item] = []
    /// How many were dropped.
    private(set) var leftOut = 0
    private let weight: @Sendable (Item) -> Double

    /// Creates an empty list that holds at most `capacity` items after each pruning, and a quarter more in between.
    init(capacity: Int, weight: @escaping @Sendable (Item) -> Double) {
        self.capacity = max(1, capacity)
        self.weight = weight
    }

    mutating func append(_ item: Item) {
        items.append(item)
        if items.count > capacity + capacity / 4 { prune() }
    }

    /// Changes the last item; does nothing when there is none.
    mutating func updateLast(_ change: (inout Item) -> Void) {
        guard !items.isEmpty else { return }
        change(&items[items.count - 1])
    }

    /// Changes the item at an index.
    mutating func update(at index: Int, _ change: (inout Item) -> Void) {
        change(&items[index])
    }

    private mutating func prune() {
        let last = items.count - 1
        let order = items.indices.sorted { left, right in
            let (a, b) = (weight(items[left]), weight(items[right]))
            return a != b ? a > b : min(left, last - left) < min(right, last - right)
        }
        leftOut += items.count - capacity
        items = order.prefix(capacity).sorted().map { items[$0] }
    }
}

extension BoundedList: Sendable where Item: Sendable {}
