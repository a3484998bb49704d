package dev.towpath.cli.service;

import dev.towpath.socket.ErrnoException;
import dev.towpath.stack.NetworkStack;

/** What {@code serve} offers, by port; 0 leaves a service out. */
public record Services(int echo, int discard, int daytime, int chargen, int http) {
    /** On their assigned ports. */
    public static final Services STANDARD = new Services(7, 9, 13, 19, 80);

    /** Adds them all to {@code loop}, on TCP and (but for HTTP) on UDP. */
    public void addTo(ServiceLoop loop, NetworkStack stack) throws ErrnoException {
        add(loop, echo, Echo::new, datagram -> datagram);
        add(loop, discard, Discard::new, datagram -> null);
        add(loop, daytime, Daytime::new, datagram -> Daytime.line());
        add(loop, chargen, Chargen::new, Chargen.datagrams());
        if (http != 0) {
            loop.tcp(http, new HttpService(stack));
        }
    }

    private static void add(ServiceLoop loop, int port, TcpService tcp, UdpService udp) throws ErrnoException {
        if (port != 0) {
            loop.tcp(port, tcp);
            loop.udp(port, udp);
        }
    }
}
