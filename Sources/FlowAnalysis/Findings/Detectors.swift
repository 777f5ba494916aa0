/// The register of detectors.
///
/// Their order is that in which findings of the same weight are told.
enum Detectors {
  static let all: [any Detector.Type] = [
    // Handshake
    SYNUnanswered.self,
    ConnectionRefused.self,
    SYNRejectedByICMP.self,
    HalfOpenHandshake.self,
    HandshakeAborted.self,
    SYNRetransmitted.self,
    SYNACKRetransmitted.self,
    SYNNumberChanged.self,
    SimultaneousOpen.self,
    SplitHandshake.self,
    FastOpenAccepted.self,
    FastOpenIgnored.self,
    SYNOnEstablished.self,
    TimeWaitReuse.self,
    PortReuseAmbiguous.self,
    UnsolicitedSYNACK.self,
    MidstreamStart.self,
    // Close
    FINUnacknowledged.self,
    FINRetransmitted.self,
    CloseWaitStuck.self,
    LastACKMissing.self,
    SimultaneousClose.self,
    NeverClosed.self,
    HalfCloseData.self,
    // Reset
    ResetMidStream.self,
    AbortiveClose.self,
    FINWait2Abort.self,
    ResetAfterFIN.self,
    ResetOutOfWindow.self,
    ResetInexact.self,
    ChallengeACK.self,
    // Transfer
    DataNeverAcknowledged.self,
    ExcessiveRetransmission.self,
    RetransmissionTimeout.self,
    RetransmissionFast.self,
    RetransmissionTailProbe.self,
    RetransmissionSpurious.self,
    LossBeforeCapture.self,
    OutOfOrder.self,
    TripleDuplicateACK.self,
    DuplicateACK.self,
    ZeroWindow.self,
    ZeroWindowStuck.self,
    ZeroWindowProbe.self,
    KeepAliveUnanswered.self,
    KeepAlive.self,
    BadChecksum.self,
    // Options
    WindowScaleTooLarge.self,
    MSSMissing.self,
    // Capture
    OneSided.self,
    GapInCapture.self,
    DuplicateFrame.self,
    WindowScaleUnknown.self,
    EndsAfterCapture.self,
  ]
}
