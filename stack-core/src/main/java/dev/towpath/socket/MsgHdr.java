package dev.towpath.socket;

import java.nio.ByteBuffer;

/**
 * One message of {@link UdpSocket#sendMmsg}, {@link UdpSocket#recvMmsg} and their like: C's {@code struct msghdr} with
 * the length of {@code struct mmsghdr}, and the one control message that a datagram has. Made once and reused by its
 * owner, as often as he likes, so that a batch allocates nothing.
 *
 * <pre>{@code
 *   MsgHdr[] batch = MsgHdr.batch(64, 2048);
 *   while (true) {
 *       int count = socket.recvMmsg(batch, MSG_WAITFORONE);
 *       for (int i = 0; i < count; i++) {
 *           batch[i].data.flip();                    // its sender is in address: send it back
 *       }
 *       socket.sendMmsg(batch, count, 0);
 *       for (int i = 0; i < count; i++) {
 *           batch[i].data.clear();
 *       }
 *   }
 * }</pre>
 */
public final class MsgHdr {
    /**
     * The data. Sent is what remains in it, received is to where it stands; its position moves, as with every other
     * call.
     */
    public ByteBuffer data;

    /** Whom to send to, nobody's address for the connected peer; or who has sent. */
    public final SockAddr address = new SockAddr();

    /**
     * To send: cut the data into datagrams of so many bytes, the last one shorter (the control message UDP_SEGMENT); 0
     * leaves it to the socket's option of that name. Received: if the data is several datagrams (UDP_GRO), the length
     * of each but perhaps the last, else 0.
     */
    public int segmentSize;

    /** Bytes sent or received; with MSG_TRUNC asked for, the full length of what was received. */
    public int length;

    /** Received: MSG_TRUNC if the data did not fit and its end is lost. */
    public int flags;

    /** A message with room for its data. */
    public MsgHdr(ByteBuffer data) {
        this.data = data;
    }

    /** {@code count} messages with room for {@code bytes} bytes each, in one piece of off-heap memory. */
    public static MsgHdr[] batch(int count, int bytes) {
        ByteBuffer memory = ByteBuffer.allocateDirect(Math.multiplyExact(count, bytes));
        MsgHdr[] batch = new MsgHdr[count];
        for (int i = 0; i < count; i++) {
            batch[i] = new MsgHdr(memory.slice(i * bytes, bytes));
        }
        return batch;
    }
}
