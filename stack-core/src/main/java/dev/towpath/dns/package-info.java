/**
 * Names and addresses: a stub resolver (RFC 1034 section 5.3.1) on the stack's own sockets, and the JVM's name service
 * on top of it.
 *
 * <pre>
 *   java.net.InetAddress
 *      |   TowpathResolverProvider (JDK 18 on), or the agent
 *   JvmNames                    only where towpath.nameservers says so; else the JDK's own
 *      |
 *   StubResolver                literals, localhost, hosts file, search list; AnswerCache
 *      |
 *   Together                    one question at a time, whoever asks
 *      |
 *   Servers                     which server, how often
 *      |
 *   Inquiry                     one question to one server: UDP, TCP; what is an answer and what is not
 *      |
 *   Question, DnsMessage        the wire: DnsHeader, DomainName, ResourceRecord; Answer is what it means
 * </pre>
 */
@NullMarked
package dev.towpath.dns;

import org.jspecify.annotations.NullMarked;
