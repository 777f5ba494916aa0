import FlowTracker

/// `keep-alive-too-frequent`: an end asks all the time.
struct KeepAliveTooFrequent: Detector {
  static let rule = FindingRule(
    id: "keep-alive-too-frequent", severity: .note, title: "keep-alives came often",
    condition: """
      At least twice a keep-alive comes less than 10 seconds after another one that was answered, towards an \
      end that never shut its window.
      """,
    advice: """
      The default should be two hours at least. What is as frequent as this costs packets, power and money on \
      radio links; set TCP_KEEPIDLE and TCP_KEEPINTVL, or the interval of the program.
      """,
    references: ["RFC 9293 §3.8.4"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .probe

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard subject[irregularities: side].hastyProbes >= 2,
        subject[irregularities: side.peer].zeroWindows == 0,
        let seen = subject.sightings(of: .probe, by: side)
      else { return nil }
      return Finding(
        rule, blame: .init(side), frames: [seen.first, seen.last],
        "The \(side.name) asked again and again within 10 seconds whether the \(side.peer.name) was "
          + "still there, and got an answer each time.")
    }
  }
}
