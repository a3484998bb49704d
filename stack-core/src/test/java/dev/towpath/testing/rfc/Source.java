package dev.towpath.testing.rfc;

import static dev.towpath.testing.rfc.Source.Protocol.OTHER;
import static dev.towpath.testing.rfc.Source.Protocol.TCP;

/** Where requirements come from, in the order of the coverage page. */
enum Source {
    RFC_9293(9293, "TCP", TCP),
    RFC_1122_TCP(1122, "Requirements for hosts: TCP", TCP),
    RFC_896(896, "Nagle's algorithm", TCP),
    RFC_6298(6298, "Retransmission timer", TCP),
    RFC_5681(5681, "Congestion control", TCP),
    RFC_6582(6582, "NewReno", TCP),
    RFC_3042(3042, "Limited transmit", TCP),
    RFC_3465(3465, "Appropriate byte counting", TCP),
    RFC_6928(6928, "Initial window", TCP),
    RFC_7661(7661, "Congestion window validation", TCP),
    RFC_9438(9438, "CUBIC", TCP),
    RFC_9406(9406, "HyStart++", TCP),
    RFC_2018(2018, "SACK", TCP),
    RFC_2883(2883, "DSACK", TCP),
    RFC_6675(6675, "SACK-based loss recovery", TCP),
    RFC_8985(8985, "RACK-TLP", TCP),
    RFC_9937(9937, "Proportional rate reduction (replaces RFC 6937)", TCP),
    RFC_5682(5682, "F-RTO", TCP),
    RFC_3522(3522, "Eifel detection", TCP),
    RFC_4015(4015, "Eifel response", TCP),
    RFC_7323(7323, "Window scale, timestamps, PAWS", TCP),
    RFC_6691(6691, "Options and MSS", TCP),
    RFC_5961(5961, "Blind in-window attacks", TCP),
    RFC_6528(6528, "Initial sequence numbers", TCP),
    RFC_6056(6056, "Ephemeral ports", TCP),
    RFC_4987(4987, "SYN flooding", TCP),
    RFC_3168(3168, "ECN", TCP),
    RFC_5482(5482, "User timeout", TCP),
    RFC_1337(1337, "TIME-WAIT assassination", TCP),
    RFC_6191(6191, "TIME-WAIT and timestamps", TCP),
    RFC_1191(1191, "Path MTU discovery", TCP),
    RFC_4821(4821, "Path MTU discovery without ICMP", TCP),
    RFC_5927(5927, "ICMP attacks against TCP", TCP),
    RFC_6093(6093, "Urgent data", TCP),
    RFC_6633(6633, "Source Quench", TCP),
    RFC_2525(2525, "Known implementation problems", TCP),
    LINUX(0, "As Linux does it: no RFC says how", TCP),
    MISTAKES(0, "Mistakes that users met in other stacks", TCP),
    RFC_7413(7413, "TCP Fast Open", TCP),
    RFC_9768(9768, "Accurate ECN", TCP),
    RFC_5925(5925, "TCP-AO", TCP),
    RFC_768(768, "UDP", OTHER),
    RFC_791(791, "IPv4", OTHER),
    RFC_792(792, "ICMP", OTHER),
    RFC_815(815, "Reassembly", OTHER),
    RFC_5722(5722, "Overlapping fragments", OTHER),
    RFC_6864(6864, "The identification field", OTHER),
    RFC_1071(1071, "The Internet checksum", OTHER),
    RFC_1624(1624, "Incremental update of the checksum", OTHER),
    RFC_1122_IP(1122, "Requirements for hosts: link and IP", OTHER),
    RFC_826(826, "ARP", OTHER),
    RFC_894(894, "IP over Ethernet", OTHER),
    RFC_3021(3021, "31-bit prefixes", OTHER),
    RFC_5227(5227, "Address conflict detection", OTHER),
    RFC_1112(1112, "Multicast on hosts", OTHER),
    RFC_9776(9776, "IGMPv3 (replaces RFC 3376)", OTHER),
    RFC_2236(2236, "IGMPv2", OTHER),
    RFC_2131(2131, "DHCP", OTHER),
    RFC_8200(8200, "IPv6", OTHER);

    enum Protocol {
        TCP,
        OTHER
    }

    private final int number;
    private final String title;
    private final Protocol protocol;

    Source(int number, String title, Protocol protocol) {
        this.number = number;
        this.title = title;
        this.protocol = protocol;
    }

    boolean tcp() {
        return protocol == TCP;
    }

    /** Markdown: with a link, if it is an RFC. */
    String heading() {
        return number == 0 ? title : "[RFC " + number + "](https://www.rfc-editor.org/rfc/rfc" + number + "): " + title;
    }
}
