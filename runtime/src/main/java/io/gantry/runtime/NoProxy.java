package io.gantry.runtime;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The hosts that {@code no_proxy} exempts: a comma-separated list, as CDI's control plane writes it
 * and Go's {@code golang.org/x/net/http/httpproxy} documents it.
 *
 * <ul>
 *   <li>{@code *}: every host
 *   <li>{@code example.org}: the host and everything below it
 *   <li>{@code .example.org} or {@code *.example.org}: only what lies below it
 *   <li>{@code 192.0.2.7}, {@code 192.0.2.0/24}, {@code 2001:db8::/32}: addresses written as such
 *   <li>any of the host and address forms with {@code :port}: for that port alone
 * </ul>
 *
 * <p>{@code localhost} and loopback addresses are always exempt: node pulls depend on it.
 */
final class NoProxy {

  /** One entry of the list. */
  private sealed interface Rule {}

  private record Everything() implements Rule {}

  private record Domain(String name, boolean onlyBelow, int port) implements Rule {}

  /** Addresses of {@code bits} bits that have the first {@code prefixBits} in common. */
  private record Network(BigInteger prefix, int bits, int prefixBits, int port) implements Rule {

    static Network of(byte[] address, int prefixBits, int port) {
      int bits = address.length * 8;
      return new Network(prefix(address, prefixBits), bits, prefixBits, port);
    }

    boolean contains(byte[] address) {
      return address.length * 8 == bits && prefix(address, prefixBits).equals(prefix);
    }

    private static BigInteger prefix(byte[] address, int prefixBits) {
      return new BigInteger(1, address).shiftRight(address.length * 8 - prefixBits);
    }
  }

  private static final int ANY_PORT = -1;

  private final List<Rule> rules = new ArrayList<>();

  NoProxy(String list) {
    for (String entry : list.split(",", -1)) {
      String text = entry.strip().toLowerCase(Locale.ROOT);
      if (!text.isEmpty()) {
        rules.add(parse(text));
      }
    }
  }

  boolean exempts(String host, int port) {
    String name = host.toLowerCase(Locale.ROOT);
    Optional<byte[]> address = literalAddress(name);
    if (name.equals("localhost") || address.filter(NoProxy::isLoopback).isPresent()) {
      return true;
    }
    return rules.stream().anyMatch(rule -> matches(rule, name, address, port));
  }

  private static boolean matches(Rule rule, String name, Optional<byte[]> address, int port) {
    return switch (rule) {
      case Everything _ -> true;
      case Domain domain ->
          isFor(domain.port, port)
              && (name.endsWith("." + domain.name)
                  || (!domain.onlyBelow && name.equals(domain.name)));
      case Network network ->
          isFor(network.port, port) && address.filter(network::contains).isPresent();
    };
  }

  private static boolean isFor(int rulePort, int port) {
    return rulePort == ANY_PORT || rulePort == port;
  }

  private static Rule parse(String text) {
    if (text.equals("*")) {
      return new Everything();
    }
    int slash = text.indexOf('/');
    if (slash > 0) {
      Optional<byte[]> address = literalAddress(text.substring(0, slash));
      int bits = number(text.substring(slash + 1));
      if (address.isPresent() && bits >= 0 && bits <= address.get().length * 8) {
        return Network.of(address.get(), bits, ANY_PORT);
      }
    }
    return parseHost(text);
  }

  private static Rule parseHost(String text) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > 0 && literalAddress(text).isEmpty();
    int port = hasPort ? number(text.substring(colon + 1)) : ANY_PORT;
    String host = hasPort ? text.substring(0, colon) : text;
    Optional<byte[]> address = literalAddress(host);
    if (address.isPresent()) {
      return Network.of(address.get(), address.get().length * 8, port);
    }
    String name = host.startsWith("*.") ? host.substring(1) : host;
    boolean onlyBelow = name.startsWith(".");
    return new Domain(onlyBelow ? name.substring(1) : name, onlyBelow, port);
  }

  /** Returns a number from 0 on, or one that fits no port and no prefix. */
  private static int number(String digits) {
    try {
      return Math.max(0, Integer.parseInt(digits));
    } catch (NumberFormatException _) {
      return Integer.MAX_VALUE;
    }
  }

  /** Returns the address when {@code text} is written as one; names are never looked up. */
  private static Optional<byte[]> literalAddress(String text) {
    String bare = text.startsWith("[") && text.endsWith("]") ? unbracket(text) : text;
    try {
      return Optional.of(InetAddress.ofLiteral(bare).getAddress());
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static String unbracket(String text) {
    return text.substring(1, text.length() - 1);
  }

  private static boolean isLoopback(byte[] address) {
    if (address.length == 4) {
      return address[0] == 127;
    }
    for (int i = 0; i < address.length - 1; i++) {
      if (address[i] != 0) {
        return false;
      }
    }
    return address[address.length - 1] == 1;
  }
}
