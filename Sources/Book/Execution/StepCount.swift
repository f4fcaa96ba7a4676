/// How many steps of derivations were checked, and how many of them hold.
///
/// A step counts once, and holds when it does on every sample. The first line of a derivation
/// follows from nothing: it counts only where it has no value.
public struct StepCount: Sendable {
  private struct Place: Hashable {
    var item: Int
    var index: Int
  }

  private var checked: Set<Place> = []
  private var failed: Set<Place> = []

  public init() {}

  public init(_ steps: [StepResult]) {
    for step in steps { add(step) }
  }

  public var all: Int { checked.count }
  public var held: Int { checked.count - failed.count }

  public mutating func add(_ step: StepResult) {
    guard step.index > 0 || !step.held else { return }
    let place = Place(item: step.item, index: step.index)
    checked.insert(place)
    if !step.held { failed.insert(place) }
  }
}
