import MitoScenario

/// The lessons, which are inside the program: they need no file beside it.
///
/// ```swift
/// let title = Course.lesson("1")?.scenario.title
/// ```
enum Course {
    /// How the lessons are called, in the order in which they are to be read.
    static let names = files.map(\.name)

    /// The lesson of this number or name.
    static func lesson(_ word: String) -> Lesson? {
        (files.indices.first { word == "\($0 + 1)" || word == files[$0].name }).map { Lesson(number: $0 + 1) }
    }

    /// The one after this; nil after the last.
    static func lesson(after lesson: Lesson) -> Lesson? { lesson.number.flatMap { self.lesson("\($0 + 1)") } }

    /// The files of `Scenarios/Lessons`. The build turns each into a constant and drops the first letter of its name.
    fileprivate static let files: [(name: String, source: [UInt8])] = [
        ("first-call", PackageResources._1_first_call_yaml),
        ("through-a-relay", PackageResources._2_through_a_relay_yaml),
        ("sideways", PackageResources._3_sideways_yaml),
        ("errors-come-back", PackageResources._4_errors_come_back_yaml),
        ("time-out", PackageResources._5_time_out_yaml),
        ("killed-target", PackageResources._6_killed_target_yaml),
        ("killed-relay", PackageResources._7_killed_relay_yaml),
        ("orderly-shutdown", PackageResources._8_orderly_shutdown_yaml),
        ("parallel-calls", PackageResources._9_parallel_calls_yaml),
        ("one-after-another", PackageResources._0_one_after_another_yaml),
        ("first-answer", PackageResources._1_first_answer_yaml),
        ("hung-function", PackageResources._2_hung_function_yaml),
        ("ids", PackageResources._3_ids_yaml),
        ("newcomer", PackageResources._4_newcomer_yaml),
        ("unidirectional", PackageResources._5_unidirectional_yaml),
        ("forged-message", PackageResources._6_forged_message_yaml),
        ("slow-link", PackageResources._7_slow_link_yaml),
        ("full-link", PackageResources._8_full_link_yaml),
        ("everybody-wakes", PackageResources._9_everybody_wakes_yaml),
        ("news-on-its-way", PackageResources._0_news_on_its_way_yaml),
        ("forced-end", PackageResources._1_forced_end_yaml),
        ("last-words", PackageResources._2_last_words_yaml),
        ("detached", PackageResources._3_detached_yaml),
        ("partition-heals", PackageResources._4_partition_heals_yaml),
    ]
}

/// One lesson of the course, or a scenario of the reader's own that is told as one.
struct Lesson {
    /// From 1; nil for the reader's own.
    var number: Int?
    /// Its file's name: in the course without the number, the reader's own as the reader names it.
    var name: String
    /// The file, byte for byte.
    var source: [UInt8]
    var scenario: Scenario

    /// One of the course.
    fileprivate init(number: Int) {
        let (name, source) = Course.files[number - 1]
        do {
            scenario = try Scenario(reading: source, file: "\(name).yaml")
        } catch {
            // The tests read them all.
            preconditionFailure("the lesson '\(name)' does not read: \(error)")
        }
        (self.number, self.name, self.source) = (number, name, source)
    }

    /// A file of the reader's own.
    init(file: String, source: [UInt8]) throws(ScenarioErrors) {
        scenario = try Scenario(reading: source, file: file)
        (name, self.source) = (file, source)
    }

    /// What stands above it. It says what the lesson is about, and not what comes of it.
    var heading: String {
        guard let number else { return name }
        return "Lesson \(number) of \(Course.names.count): \(name.replacing("-", with: " "))"
    }
}
