package dev.towpath.mib;

/**
 * Countable events, named after their MIB objects: IP and ICMP of RFC 4293 and 2011, TCP of RFC 4022, UDP of RFC 4113,
 * {@code TcpExt} as Linux has it.
 */
public enum Counter {
    IF_IN_FRAMES("IfInFrames"),
    IF_IN_OCTETS("IfInOctets"),
    IF_OUT_FRAMES("IfOutFrames"),
    IF_OUT_OCTETS("IfOutOctets"),
    IF_OUT_DISCARDS("IfOutDiscards"),
    ARP_IN_REQUESTS("ArpInRequests"),
    ARP_IN_REPLIES("ArpInReplies"),
    ARP_OUT_REQUESTS("ArpOutRequests"),
    ARP_OUT_REPLIES("ArpOutReplies"),
    IP_IN_RECEIVES("IpInReceives"),
    IP_IN_HDR_ERRORS("IpInHdrErrors"),
    IP_IN_ADDR_ERRORS("IpInAddrErrors"),
    IP_IN_UNKNOWN_PROTOS("IpInUnknownProtos"),
    IP_IN_DELIVERS("IpInDelivers"),
    IP_OUT_REQUESTS("IpOutRequests"),
    IP_OUT_DISCARDS("IpOutDiscards"),
    IP_OUT_NO_ROUTES("IpOutNoRoutes"),
    IP_REASM_REQDS("IpReasmReqds"),
    IP_REASM_OKS("IpReasmOKs"),
    IP_REASM_FAILS("IpReasmFails"),
    IP_REASM_TIMEOUT("IpReasmTimeout"),
    IP_FRAG_OKS("IpFragOKs"),
    IP_FRAG_FAILS("IpFragFails"),
    IP_FRAG_CREATES("IpFragCreates"),
    ICMP_IN_MSGS("IcmpInMsgs"),
    ICMP_IN_ERRORS("IcmpInErrors"),
    ICMP_IN_CSUM_ERRORS("IcmpInCsumErrors"),
    ICMP_IN_DEST_UNREACHS("IcmpInDestUnreachs"),
    ICMP_IN_TIME_EXCDS("IcmpInTimeExcds"),
    ICMP_IN_PARM_PROBS("IcmpInParmProbs"),
    ICMP_IN_SRC_QUENCHS("IcmpInSrcQuenchs"),
    ICMP_IN_REDIRECTS("IcmpInRedirects"),
    ICMP_IN_ECHOS("IcmpInEchos"),
    ICMP_IN_ECHO_REPS("IcmpInEchoReps"),
    ICMP_OUT_MSGS("IcmpOutMsgs"),
    ICMP_OUT_ERRORS("IcmpOutErrors"),
    ICMP_OUT_RATE_LIMITED("IcmpOutRateLimited"),
    ICMP_OUT_DEST_UNREACHS("IcmpOutDestUnreachs"),
    ICMP_OUT_TIME_EXCDS("IcmpOutTimeExcds"),
    ICMP_OUT_ECHOS("IcmpOutEchos"),
    ICMP_OUT_ECHO_REPS("IcmpOutEchoReps"),
    UDP_IN_DATAGRAMS("UdpInDatagrams"),
    UDP_NO_PORTS("UdpNoPorts"),
    UDP_IN_ERRORS("UdpInErrors"),
    UDP_IN_CSUM_ERRORS("UdpInCsumErrors"),
    UDP_RCVBUF_ERRORS("UdpRcvbufErrors"),
    UDP_OUT_DATAGRAMS("UdpOutDatagrams"),
    TCP_ACTIVE_OPENS("TcpActiveOpens"),
    TCP_PASSIVE_OPENS("TcpPassiveOpens"),
    TCP_ATTEMPT_FAILS("TcpAttemptFails"),
    TCP_ESTAB_RESETS("TcpEstabResets"),
    TCP_CURR_ESTAB("TcpCurrEstab"),
    TCP_IN_SEGS("TcpInSegs"),
    TCP_OUT_SEGS("TcpOutSegs"),
    TCP_RETRANS_SEGS("TcpRetransSegs"),
    TCP_IN_ERRS("TcpInErrs"),
    TCP_IN_CSUM_ERRORS("TcpInCsumErrors"),
    TCP_OUT_RSTS("TcpOutRsts"),
    TCP_EXT_LISTEN_OVERFLOWS("TcpExtListenOverflows"),
    TCP_EXT_LISTEN_DROPS("TcpExtListenDrops"),
    TCP_EXT_DELAYED_ACKS("TcpExtDelayedACKs"),
    TCP_EXT_TCP_OFO_QUEUE("TcpExtTCPOFOQueue"),
    TCP_EXT_TCP_OFO_DROP("TcpExtTCPOFODrop"),
    TCP_EXT_TCP_TIMEOUTS("TcpExtTCPTimeouts"),
    TCP_EXT_TCP_FAST_RETRANS("TcpExtTCPFastRetrans"),
    TCP_EXT_TCP_RENO_RECOVERY("TcpExtTCPRenoRecovery"),
    TCP_EXT_TCP_SACK_RECOVERY("TcpExtTCPSackRecovery"),
    TCP_EXT_TCP_LOSS_PROBES("TcpExtTCPLossProbes"),
    TCP_EXT_TCP_CHALLENGE_ACK("TcpExtTCPChallengeACK"),
    TCP_EXT_TCP_SYN_CHALLENGE("TcpExtTCPSYNChallenge"),
    TCP_EXT_TCP_ABORT_ON_DATA("TcpExtTCPAbortOnData"),
    TCP_EXT_TCP_ABORT_ON_CLOSE("TcpExtTCPAbortOnClose"),
    TCP_EXT_TCP_ABORT_ON_TIMEOUT("TcpExtTCPAbortOnTimeout"),
    TCP_EXT_TCP_KEEP_ALIVE("TcpExtTCPKeepAlive"),
    TCP_EXT_TCP_WIN_PROBE("TcpExtTCPWinProbe"),
    TCP_EXT_TCP_TO_ZERO_WINDOW_ADV("TcpExtTCPToZeroWindowAdv"),
    TCP_EXT_TCP_FROM_ZERO_WINDOW_ADV("TcpExtTCPFromZeroWindowAdv"),
    TCP_EXT_TW("TcpExtTW"),
    TCP_EXT_TW_RECYCLED("TcpExtTWRecycled");

    private final String mibName;

    Counter(String mibName) {
        this.mibName = mibName;
    }

    /** The name by which {@code nstat} and MIB browsers show it. */
    public String mibName() {
        return mibName;
    }
}
