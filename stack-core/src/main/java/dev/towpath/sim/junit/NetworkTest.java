package dev.towpath.sim.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that is given a {@code Network}, once for each of several seeds.
 *
 * <pre>{@code
 *   @NetworkTest(seeds = 100)
 *   void allArrives(Network net) {
 *       Host a = net.host("a"), b = net.host("b");
 *       net.connect(a, b, link -> link.delay(ms(20)).loss(0.05));
 *       Transfer transfer = Transfer.start(a, b, 80, 100_000);
 *       assertTrue(net.runUntil(transfer::isDone, minutes(5)));
 *   }
 * }</pre>
 *
 * <p>A failure says with which seed, how to replay it ({@code -Dtowpath.seed=N}), which packets went last, and where
 * there is a capture with all of them. {@code -Dtowpath.seeds=N} tries another number of seeds.
 */
@SuppressWarnings("exports") // JUnit is not everybody's
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(NetworkExtension.class)
public @interface NetworkTest {
    /** How many seeds, from 1 on. */
    int seeds() default 1;
}
