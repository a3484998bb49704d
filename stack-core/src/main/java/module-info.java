/** The Towpath TCP/IP stack. Only the packages that applications use are exported. */
module dev.towpath.core {
    requires static org.jspecify;
}
