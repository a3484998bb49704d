package dev.towpath.testing;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The objects that can be reached from one, and the bytes they take. Bytes are those of a 64-bit HotSpot with its usual
 * layout (headers of 12 bytes, references of 4, objects begin at multiples of 8), whatever this JVM does, so that the
 * count is the same everywhere. A whole stack is not followed into, nor is what all JVMs share.
 */
public final class ObjectGraph {
    private static final int HEADER = 12;
    private static final int REFERENCE = 4;
    private static final int ALIGNMENT = 8;

    /** Whoever refers to these refers to everything. */
    private static final Set<String> NOT_FOLLOWED = Set.of(
            "dev.towpath.stack.NetworkStack",
            "dev.towpath.stack.Core",
            "dev.towpath.stack.SimulationDriver",
            "dev.towpath.tcp.TcpLayer",
            "dev.towpath.buffer.BufferPool",
            "dev.towpath.ipv4.NetworkInterface",
            "dev.towpath.arp.ArpLayer",
            "dev.towpath.arp.Neighbour");

    private final Set<Object> objects = Collections.newSetFromMap(new IdentityHashMap<>());

    private ObjectGraph() {}

    /** All that can be reached from {@code root}. */
    public static ObjectGraph of(Object root) {
        ObjectGraph graph = new ObjectGraph();
        Deque<Object> left = new ArrayDeque<>();
        graph.reach(root, left);
        while (!left.isEmpty()) {
            graph.follow(left.remove(), left);
        }
        return graph;
    }

    /** What is in this one and not in {@code other}: it may hold nothing of the JDK's, whose inside nobody sees. */
    public ObjectGraph without(ObjectGraph other) {
        ObjectGraph own = new ObjectGraph();
        own.objects.addAll(objects);
        own.objects.removeIf(other.objects::contains);
        for (Object each : own.objects) {
            if (!transparent(each.getClass())) {
                throw new AssertionError("the bytes of a " + each.getClass() + " can't be counted");
            }
        }
        return own;
    }

    private static boolean transparent(Class<?> type) {
        return type.isArray() || type.getName().startsWith("dev.towpath.");
    }

    /** What they take together. */
    public long bytes() {
        return objects.stream().mapToLong(ObjectGraph::bytes).sum();
    }

    private void reach(Object object, Deque<Object> left) {
        if (!(object instanceof Enum)
                && !(object instanceof Class)
                && !NOT_FOLLOWED.contains(object.getClass().getName())
                && objects.add(object)) {
            left.add(object);
        }
    }

    private void follow(Object object, Deque<Object> left) {
        Class<?> type = object.getClass();
        if (type.isArray()) {
            for (int i = 0; !type.getComponentType().isPrimitive() && i < Array.getLength(object); i++) {
                reachIfAny(Array.get(object, i), left);
            }
            return;
        }
        for (Class<?> each = type; transparent(type) && each != Object.class; each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    reachIfAny(value(field, object), left);
                }
            }
        }
    }

    private void reachIfAny(Object object, Deque<Object> left) {
        if (object != null) {
            reach(object, left);
        }
    }

    private static Object value(Field field, Object object) {
        try {
            field.setAccessible(true);
            return field.get(object);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(field + " can't be read", e);
        }
    }

    private static long bytes(Object object) {
        Class<?> type = object.getClass();
        long bytes = HEADER;
        if (type.isArray()) {
            bytes += Integer.BYTES + (long) Array.getLength(object) * size(type.getComponentType());
        } else {
            for (Class<?> each = type; each != Object.class; each = each.getSuperclass()) {
                for (Field field : each.getDeclaredFields()) {
                    bytes += Modifier.isStatic(field.getModifiers()) ? 0 : size(field.getType());
                }
            }
        }
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static int size(Class<?> type) {
        if (type == long.class || type == double.class) {
            return Long.BYTES;
        }
        if (type == int.class || type == float.class) {
            return Integer.BYTES;
        }
        if (type == short.class || type == char.class) {
            return Short.BYTES;
        }
        return type.isPrimitive() ? 1 : REFERENCE;
    }

    /** How many bytes of which class: what to look at when they have become too many. */
    @Override
    public String toString() {
        Map<String, Long> byClass = new TreeMap<>();
        for (Object each : objects) {
            byClass.merge(each.getClass().getName(), bytes(each), Long::sum);
        }
        return byClass.toString();
    }
}
