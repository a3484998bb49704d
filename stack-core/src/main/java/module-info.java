/** The Towpath TCP/IP stack. Only the packages that applications use are exported. */
module dev.towpath.core {
    requires static transitive org.jspecify;
    requires static org.junit.jupiter.api; // for who tests with it

    exports dev.towpath.buffer;
    exports dev.towpath.config;
    exports dev.towpath.dns;
    exports dev.towpath.info;
    exports dev.towpath.link;
    exports dev.towpath.net;
    exports dev.towpath.nio;
    exports dev.towpath.setup;
    exports dev.towpath.sim;
    exports dev.towpath.sim.junit;
    exports dev.towpath.socket;
    exports dev.towpath.stack;
    exports dev.towpath.time;
    exports dev.towpath.wire;

    uses dev.towpath.link.LinkDeviceProvider;
}
