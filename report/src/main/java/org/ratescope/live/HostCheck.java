package org.ratescope.live;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names by which requests may address this server. A foreign page whose own name was made to
 * resolve to this machine (DNS rebinding) uses that name and is refused. The port is not checked,
 * so that it can be forwarded.
 */
final class HostCheck {
  private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-f:.%]+]");

  private final Set<String> names = new LinkedHashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
  private final boolean anyAddress;

  private HostCheck(boolean anyAddress) {
    this.anyAddress = anyAddress;
  }

  /**
   * Names for a server bound to that host: this machine's own, and the host as given; for a server
   * bound to all addresses also every numeric address and the machine's name.
   */
  static HostCheck of(String given, InetAddress bound) {
    HostCheck check = new HostCheck(bound.isAnyLocalAddress());
    check.names.add(given.contains(":") ? "[" + given + "]" : given.toLowerCase(Locale.ROOT));
    if (bound.isAnyLocalAddress()) {
      check.names.add(machine().toLowerCase(Locale.ROOT));
    }
    return check;
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** Whether the server answers a request with this Host header. */
  boolean allows(@Nullable String header) {
    if (header == null) {
      return false;
    }
    String host = PORT.matcher(header.toLowerCase(Locale.ROOT)).replaceFirst("");
    return names.contains(host) || (anyAddress && ADDRESS.matcher(host).matches());
  }
}
