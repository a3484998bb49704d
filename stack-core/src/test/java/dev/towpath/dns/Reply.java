package dev.towpath.dns;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A response as a test wants it, right or wrong; made without the code that is tested. */
final class Reply {
    static final int QR = 0x8000;
    static final int AA = 0x0400;
    static final int TC = 0x0200;
    static final int RD = 0x0100;
    static final int RA = 0x0080;

    private int id;
    private int flags = QR | RD | RA;
    private byte[] question;
    private int questions = 1;
    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private int answers;
    private int authority;
    private int additional;

    private Reply(int id, byte[] question) {
        this.id = id;
        this.question = question;
    }

    /** To the query {@code message}, whose question is repeated byte for byte. */
    static Reply to(byte[] message) {
        int end = 12;
        while (message[end] != 0) {
            end += 1 + message[end];
        }
        return new Reply(ByteBuffer.wrap(message).getShort() & 0xffff, Arrays.copyOfRange(message, 12, end + 5));
    }

    /** To a question that nobody has asked. */
    static Reply to(int id, String name, int type) {
        ByteArrayOutputStream question = new ByteArrayOutputStream();
        question.writeBytes(name(name));
        question.writeBytes(new byte[] {0, (byte) type, 0, 1});
        return new Reply(id, question.toByteArray());
    }

    Reply id(int other) {
        id = other;
        return this;
    }

    Reply flags(int others) {
        flags = others;
        return this;
    }

    Reply truncated() {
        flags |= TC;
        return this;
    }

    Reply rcode(int rcode) {
        flags |= rcode;
        return this;
    }

    /** Repeats another question than was asked. */
    Reply question(String name, int type) {
        question = to(0, name, type).question;
        return this;
    }

    Reply withoutQuestion() {
        question = new byte[0];
        questions = 0;
        return this;
    }

    /** Of the question's name. */
    Reply a(long ttl, String address) {
        answers++;
        return record(new byte[] {(byte) 0xc0, 12}, 1, ttl, address(address));
    }

    Reply a(String owner, long ttl, String address) {
        answers++;
        return record(name(owner), 1, ttl, address(address));
    }

    Reply cname(String owner, long ttl, String target) {
        answers++;
        return record(name(owner), 5, ttl, name(target));
    }

    Reply ptr(long ttl, String target) {
        answers++;
        return record(new byte[] {(byte) 0xc0, 12}, 12, ttl, name(target));
    }

    Reply answer(byte[] owner, int type, long ttl, byte[] data) {
        answers++;
        return record(owner, type, ttl, data);
    }

    Reply soa(long ttl, int minimum) {
        authority++;
        ByteBuffer data = ByteBuffer.allocate(200);
        data.put(name("ns.example.test")).put(name("admin.example.test"));
        data.putInt(1).putInt(7200).putInt(900).putInt(1_209_600).putInt(minimum);
        return record(name("example.test"), 6, ttl, Arrays.copyOf(data.array(), data.position()));
    }

    /** EDNS, with the upper bits of the response code. */
    Reply edns(int upperRcode) {
        additional++;
        return record(new byte[] {0}, 41, (long) upperRcode << 24, new byte[0]);
    }

    private Reply record(byte[] owner, int type, long ttl, byte[] data) {
        ByteBuffer fixed = ByteBuffer.allocate(10);
        fixed.putShort((short) type).putShort((short) (type == 41 ? 1232 : 1)).putInt((int) ttl);
        fixed.putShort((short) data.length);
        records.writeBytes(owner);
        records.writeBytes(fixed.array());
        records.writeBytes(data);
        return this;
    }

    byte[] bytes() {
        ByteBuffer message = ByteBuffer.allocate(12 + question.length + records.size());
        message.putShort((short) id).putShort((short) flags).putShort((short) questions);
        message.putShort((short) answers).putShort((short) authority).putShort((short) additional);
        return message.put(question).put(records.toByteArray()).array();
    }

    static byte[] name(String text) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (String label : text.split("\\.", -1)) {
            wire.write(label.length());
            wire.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        wire.write(0);
        return wire.toByteArray();
    }

    private static byte[] address(String text) {
        byte[] bytes = new byte[4];
        String[] parts = text.split("\\.", -1);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
    }
}
