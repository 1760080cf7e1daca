import MitoScenario

/// The lessons, which are inside the program: they need no file beside it.
///
/// ```swift
/// let first = Course.lessons[0].scenario
/// ```
enum Course {
    /// In the order in which they are to be read.
    static let lessons: [Lesson] = files.enumerated().map { index, file in
        Lesson(number: index + 1, name: file.name, source: file.source)
    }

    /// The lesson of this number or name.
    static func lesson(_ word: String) -> Lesson? {
        lessons.first { word == "\($0.number)" || word == $0.name }
    }

    /// The files of `Scenarios/Lessons`. The build turns each into a constant and drops the first letter of its name.
    private static let files: [(name: String, source: [UInt8])] = [
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

/// One lesson of the course.
struct Lesson {
    /// From 1.
    var number: Int
    /// Its file's name without the number.
    var name: String
    /// The file, byte for byte.
    var source: [UInt8]

    /// `killed target`: says what it is about, and not what comes of it.
    var topic: String { name.replacing("-", with: " ") }

    var scenario: Scenario {
        do {
            return try Scenario(reading: source, file: "\(name).yaml")
        } catch {
            // The tests read them all.
            preconditionFailure("the lesson '\(name)' does not read: \(error)")
        }
    }
}
