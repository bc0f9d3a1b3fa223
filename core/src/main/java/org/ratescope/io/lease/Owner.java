package org.ratescope.io.lease;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.regex.Pattern;
import org.ratescope.io.ProcessIdentity;

/**
 * What the file of an owner says.
 *
 * @param process whose it is
 * @param token the process's part of its file names
 * @param beats how often it has been written
 */
record Owner(ProcessIdentity process, String token, long beats) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern TOKEN = Pattern.compile("[0-9]{1,20}");

  Owner {
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException("a token must be digits; got " + token);
    }
  }

  static Owner current(long beats) {
    return new Owner(ProcessIdentity.current(), ProcessIdentity.token(), beats);
  }

  String json() throws IOException {
    return MAPPER.writeValueAsString(
            MAPPER
                .createObjectNode()
                .put("host", process.host())
                .put("machine", process.machine())
                .put("pid", process.pid())
                .put("started", process.started())
                .put("startTicks", process.startTicks())
                .put("token", token)
                .put("beats", beats))
        + "\n";
  }

  /**
   * Reads what {@link #json} wrote, or an older version, which knew no ticks.
   *
   * @throws IOException if it is something else
   */
  static Owner parse(String text) throws IOException {
    try {
      JsonNode node = MAPPER.readTree(text);
      return new Owner(
          new ProcessIdentity(
              node.required("host").asText(),
              node.required("machine").asText(),
              node.required("pid").longValue(),
              node.required("started").longValue(),
              node.path("startTicks").asLong(ProcessIdentity.UNKNOWN)),
          node.required("token").asText(),
          node.required("beats").longValue());
    } catch (IllegalArgumentException e) {
      throw new IOException("no owner of leases: " + e.getMessage(), e);
    }
  }

  /** For people. */
  String text() {
    return "process %d on %s".formatted(process.pid(), process.host());
  }
}
