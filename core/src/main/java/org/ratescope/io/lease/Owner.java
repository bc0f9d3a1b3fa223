package org.ratescope.io.lease;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.regex.Pattern;
import org.ratescope.io.ProcessIdentity;

/**
 * The content of an owner file.
 *
 * @param process the owner
 * @param token the part of file names that identifies the process
 * @param beats number of heartbeats written
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
   * Parses the output of {@link #json}, or of an older version, which wrote no ticks.
   *
   * @throws IOException if the text is something else
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
      throw new IOException("not an owner file: " + e.getMessage(), e);
    }
  }

  /** For readers. */
  String text() {
    return "process %d on %s".formatted(process.pid(), process.host());
  }
}
