package org.ratescope.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A raw client of the event stream: reads HTTP and server-sent events from the socket. */
final class ListeningClient implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Socket socket;
  private final BufferedReader in;
  private final String head;

  /** An event: its name and its data. */
  record Received(String name, JsonNode data) {}

  private ListeningClient(Socket socket, BufferedReader in, String head) {
    this.socket = socket;
    this.in = in;
    this.head = head;
  }

  static Socket connect(URI address, String request) throws IOException {
    Socket socket = new Socket(address.getHost(), address.getPort());
    socket.setSoTimeout(30_000);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  static ListeningClient open(URI address) throws IOException {
    Socket socket =
        connect(
            address,
            "GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
    InputStream in = new BufferedInputStream(socket.getInputStream());
    StringBuilder head = new StringBuilder();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      head.append(line).append('\n');
    }
    BufferedReader body =
        new BufferedReader(new InputStreamReader(new Chunks(in), StandardCharsets.UTF_8));
    return new ListeningClient(socket, body, head.toString());
  }

  /** A line of HTTP, without its end. */
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the connection ended after '" + line + "'");
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }

  /** The body of an answer in chunks: each a line with its size in hexadecimal, then its bytes. */
  private static final class Chunks extends InputStream {
    private final InputStream in;
    private int left;

    Chunks(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0) {
        left = Integer.parseInt(line(in), 16);
      }
      if (left == 0) {
        return -1;
      }
      int count = in.read(into, offset, Math.min(length, left));
      left -= count;
      if (left == 0) {
        String end = line(in);
        assertThat(end).as("the end of a chunk").isEmpty();
      }
      return count;
    }
  }

  /** The status line and the headers. */
  String head() {
    return head;
  }

  /** The next event, or null when the server has ended the stream. */
  @Nullable Received next() throws IOException {
    String name = "";
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("event: ")) {
        name = line.substring("event: ".length());
      } else if (line.startsWith("data: ")) {
        return new Received(name, MAPPER.readTree(line.substring("data: ".length())));
      }
    }
    return null;
  }

  /** The next event of that name; a stream that ends earlier is an error. */
  JsonNode next(String name) throws IOException {
    for (Received event = next(); event != null; event = next()) {
      if (event.name().equals(name)) {
        return event.data();
      }
    }
    throw new IOException("the stream ended without an event " + name);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
