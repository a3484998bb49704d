package dev.towpath.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.junit.jupiter.api.Test;

class AddressesTest {
    @Test
    void ofIpv6WhatMeansTheSameInIpv4IsUnderstood() throws UnknownHostException {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        assertThat(Addresses.ip(InetAddress.getByName("192.0.2.7"))).isEqualTo(IpAddress.parse("192.0.2.7"));
        assertThat(Addresses.ip(InetAddress.getByAddress(new byte[16]))).isEqualTo(IpAddress.ANY_V4);
        assertThat(Addresses.ip(InetAddress.getByAddress(loopback))).isEqualTo(IpAddress.LOOPBACK_V4);
        assertThat(Addresses.ip(InetAddress.getByName("::ffff:192.0.2.7"))).isEqualTo(IpAddress.parse("192.0.2.7"));
    }

    @Test
    void whatIsNoPeerIsRefusedAsInChannels() {
        assertThatExceptionOfType(UnsupportedAddressTypeException.class)
                .isThrownBy(() -> Addresses.checked(new InetSocketAddress("2001:db8::1", 80)));
        assertThatExceptionOfType(UnsupportedAddressTypeException.class)
                .isThrownBy(() -> Addresses.checked(new SocketAddress() {}));
        assertThatExceptionOfType(UnresolvedAddressException.class)
                .isThrownBy(() -> Addresses.checked(InetSocketAddress.createUnresolved("name", 80)));
        assertThatNullPointerException().isThrownBy(() -> Addresses.checked(null));
    }

    @Test
    void anAddressForTheJdkHasNoName() {
        assertThat(Addresses.socketAddress(Endpoint.parse("192.0.2.7:80"))).hasToString("/192.0.2.7:80");
    }
}
