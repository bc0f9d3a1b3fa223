package org.ratescope.dataset.download;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An HTTP server on loopback that does exactly what a test tells it, bad manners included. Each
 * connection carries one request.
 */
final class LocalServer implements AutoCloseable {
  private final ServerSocket socket;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, List<Answer>> answers = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final AtomicLong bodyBytes = new AtomicLong();
  private final CountDownLatch closing = new CountDownLatch(1);

  private LocalServer(ServerSocket socket) {
    this.socket = socket;
  }

  /** What a client asked; header names are in lower case. */
  record Request(String path, Map<String, String> headers) {
    /** The byte from which on the client wants the file, 0 for all of it. */
    int offset() {
      String range = headers.getOrDefault("range", "bytes=0-");
      return Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    }
  }

  /** How one request is answered. */
  interface Answer {
    void write(Request request, Reply reply) throws IOException, InterruptedException;
  }

  /** The way to the client. */
  final class Reply {
    private final OutputStream out;

    private Reply(OutputStream out) {
      this.out = out;
    }

    void head(String status, String... headers) throws IOException {
      String head = "HTTP/1.1 " + status + "\r\nConnection: close\r\n";
      for (String header : headers) {
        head += header + "\r\n";
      }
      out.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    void body(byte[] bytes, int from, int to) throws IOException {
      out.write(bytes, from, to - from);
      out.flush();
      bodyBytes.addAndGet(to - from);
    }

    /** Says nothing more, and keeps the connection. */
    void stall() throws InterruptedException {
      closing.await();
    }
  }

  static LocalServer start() throws IOException {
    LocalServer server = new LocalServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    var unused = server.threads.submit(server::accept);
    return server;
  }

  /** Answers requests for a path by these in turn, and by the last of them from then on. */
  LocalServer at(String path, Answer... inTurn) {
    answers.put(path, List.of(inTurn));
    return this;
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + socket.getLocalPort() + path);
  }

  List<Request> requests() {
    return requests;
  }

  /** Bytes of bodies, sent to anyone. */
  long bodyBytes() {
    return bodyBytes.get();
  }

  private Void accept() throws IOException {
    try {
      while (true) {
        Socket client = socket.accept();
        var unused = threads.submit(() -> serve(client));
      }
    } catch (SocketException closed) {
      return null;
    }
  }

  private Void serve(Socket client) throws IOException, InterruptedException {
    try (client) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
      String path = in.readLine().split(" ", -1)[1];
      Map<String, String> headers = new TreeMap<>();
      for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      Request request = new Request(path, headers);
      requests.add(request);
      List<Answer> known = answers.getOrDefault(path, List.of(status("404 Not Found")));
      int turn = asked.computeIfAbsent(path, p -> new AtomicInteger()).getAndIncrement();
      try (OutputStream out = new BufferedOutputStream(client.getOutputStream())) {
        known.get(Math.min(turn, known.size() - 1)).write(request, new Reply(out));
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    socket.close();
    threads.shutdownNow();
  }

  static Answer status(String status) {
    return (request, reply) -> reply.head(status, "Content-Length: 0");
  }

  static Answer redirect(String location) {
    return (request, reply) ->
        reply.head("302 Found", "Location: " + location, "Content-Length: 0");
  }

  /** A server that ignores ranges. */
  static Answer whole(byte[] file, String... headers) {
    return (request, reply) -> {
      reply.head("200 OK", with(headers, "Content-Length: " + file.length));
      reply.body(file, 0, file.length);
    };
  }

  /** A server that knows ranges and, as it should, sends all when the file is another by now. */
  static Answer ranged(byte[] file, String etag) {
    return sending(file, etag, Integer.MAX_VALUE);
  }

  /** The same, but the connection breaks after so many bytes. */
  static Answer cutOff(byte[] file, String etag, int after) {
    return sending(file, etag, after);
  }

  private static Answer sending(byte[] file, String etag, int bytes) {
    return (request, reply) -> {
      boolean same = request.headers().getOrDefault("if-range", etag).equals(etag);
      int from = same ? request.offset() : 0;
      if (from >= file.length) {
        reply.head("416 Range Not Satisfiable", "Content-Range: bytes */" + file.length);
        return;
      }
      String length = "Content-Length: " + (file.length - from);
      if (from > 0) {
        String range =
            "Content-Range: bytes %d-%d/%d".formatted(from, file.length - 1, file.length);
        reply.head("206 Partial Content", length, range, "ETag: " + etag);
      } else {
        reply.head("200 OK", length, "ETag: " + etag);
      }
      reply.body(file, from, (int) Math.min(file.length, (long) from + bytes));
    };
  }

  static String[] with(String[] headers, String header) {
    String[] all = Arrays.copyOf(headers, headers.length + 1);
    all[headers.length] = header;
    return all;
  }
}
