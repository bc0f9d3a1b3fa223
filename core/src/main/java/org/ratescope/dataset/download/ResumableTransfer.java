package org.ratescope.dataset.download;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ratescope.dataset.catalogue.KnownFile;
import org.ratescope.io.AtomicFile;

/**
 * Fetches a file into a {@link PartialFile}, from the part's end on. Follows redirects, but not
 * from https to http; uses the proxy of the JDK's standard system properties.
 */
final class ResumableTransfer implements AutoCloseable {
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  /** How often a mirror may break the connection, if more bytes came each time. */
  private static final int RESUMPTIONS = 20;

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(\\d{1,18}|\\*)");

  private final HttpClient client;
  private final Timeouts timeouts;
  private final DownloadListener listener;

  ResumableTransfer(Timeouts timeouts, DownloadListener listener) {
    this.timeouts = timeouts;
    this.listener = listener;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(timeouts.connect())
            .proxy(ProxySelector.getDefault())
            .build();
  }

  /** The result of one request. */
  private enum Result {
    COMPLETE,
    CUT_OFF,
    /** The part was of another file and is deleted. */
    OTHER_FILE
  }

  /**
   * Fetches all missing bytes.
   *
   * @throws TransferFailure if this mirror does not give them; a part that can be continued stays
   */
  void fetch(KnownFile file, URI url, PartialFile part) throws IOException, InterruptedException {
    for (int resumption = 0; ; resumption++) {
      long before = part.length(url);
      Result result = request(file, url, part);
      if (result == Result.OTHER_FILE) {
        before = 0;
        result = request(file, url, part);
      }
      if (result != Result.CUT_OFF) {
        return;
      }
      long now = part.length(url);
      String message = "cut off after %s bytes".formatted(now);
      if (now == before || resumption == RESUMPTIONS) {
        throw new TransferFailure(message);
      }
      listener.noted("%s: %s, going on".formatted(url, message));
    }
  }

  private Result request(KnownFile file, URI url, PartialFile part)
      throws IOException, InterruptedException {
    long already = part.length(url);
    HttpResponse<TimedBody> response = send(url, part.origin().validator(), already);
    try (TimedBody body = response.body()) {
      if (already > 0
          && response.statusCode() == RANGE_NOT_SATISFIABLE
          && range(response.headers(), 2) == already) {
        return Result.COMPLETE; // a call before has received all of it
      }
      if (already > 0 && !fits(response, part, already)) {
        part.discard();
        return Result.OTHER_FILE;
      }
      long offset = response.statusCode() == PARTIAL ? already : 0;
      long length = response.headers().firstValueAsLong("content-length").orElse(-1);
      requireGood(response, already, offset + Math.max(0, length), file.mostBytes());
      if (offset == 0) {
        part.begin(new PartialFile.Origin(url, validator(response.headers())));
      }
      long total = length < 0 ? file.bytes() : offset + length;
      boolean packed = file.remoteName().endsWith(".gz");
      Path folder = Objects.requireNonNull(part.path().getParent());
      requireSpace(
          total - offset + (packed ? file.bytes() : 0),
          Files.getFileStore(folder).getUsableSpace());
      return receive(body, part, offset, total, file);
    }
  }

  static void requireSpace(long needed, long usable) throws IOException {
    if (!(usable >= needed)) {
      throw new IOException(
          "not enough disk space: %s bytes more are needed, %s are free".formatted(needed, usable));
    }
  }

  /** Sends a request and waits for the headers of the response. */
  private HttpResponse<TimedBody> send(URI url, String validator, long already)
      throws TransferFailure, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .header("User-Agent", "ratescope")
            .header("Accept-Encoding", "identity");
    if (already > 0) {
      request.header("Range", "bytes=" + already + "-");
      if (!validator.isEmpty()) {
        request.header("If-Range", validator);
      }
    }
    CompletableFuture<HttpResponse<TimedBody>> sent =
        client.sendAsync(request.build(), headers -> new TimedBody());
    try {
      long wait = timeouts.connect().plus(timeouts.silence()).toMillis();
      return sent.get(wait, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new TransferFailure(reason(e.getCause() == null ? e : e.getCause()));
    } catch (TimeoutException e) {
      throw new TransferFailure("no answer for " + Timeouts.text(timeouts.silence()));
    } finally {
      sent.cancel(true); // no effect on a response that has come
    }
  }

  private String reason(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpConnectTimeoutException) {
        return "no connection within " + Timeouts.text(timeouts.connect());
      }
      if (cause instanceof UnresolvedAddressException) {
        return "no such host is known here";
      }
    }
    String unnamed = error instanceof ConnectException ? "connection refused" : error.toString();
    return Objects.requireNonNullElse(error.getMessage(), unnamed);
  }

  /** Whether a response is of the same file as the part, or of a whole one that replaces it. */
  private static boolean fits(HttpResponse<TimedBody> response, PartialFile part, long already)
      throws IOException {
    if (response.statusCode() != PARTIAL) {
      return response.statusCode() != RANGE_NOT_SATISFIABLE;
    }
    String before = part.origin().validator();
    String now = validator(response.headers());
    return range(response.headers(), 1) == already
        && (before.isEmpty() || now.isEmpty() || before.equals(now));
  }

  /** Group 1 of the content range is its first byte, group 2 the size; -1 for an unknown one. */
  private static long range(HttpHeaders headers, int group) {
    Matcher range = CONTENT_RANGE.matcher(headers.firstValue("content-range").orElse(""));
    String number = range.matches() ? range.group(group) : null;
    return number == null || number.equals("*") ? -1 : Long.parseLong(number);
  }

  /** The strong entity tag, or else the date; weak tags do not promise the same bytes. */
  private static String validator(HttpHeaders headers) {
    return headers
        .firstValue("etag")
        .filter(tag -> tag.startsWith("\""))
        .or(() -> headers.firstValue("last-modified"))
        .orElse("");
  }

  private static void requireGood(
      HttpResponse<TimedBody> response, long already, long size, long most) throws TransferFailure {
    int status = response.statusCode();
    if (!(status == OK || (status == PARTIAL && already > 0))) {
      throw new TransferFailure("HTTP " + status);
    }
    if (response.headers().firstValue("content-type").orElse("").startsWith("text/html")) {
      throw new TransferFailure("a web page came, not a file");
    }
    if (size > most) {
      throw new TransferFailure(
          "announces %s bytes, at most %s can be right".formatted(size, most));
    }
  }

  private Result receive(TimedBody body, PartialFile part, long offset, long total, KnownFile file)
      throws IOException, InterruptedException {
    String what = "%s from %s".formatted(file.name(), part.origin().url().getHost());
    long size = offset;
    listener.advanced(what, size, total);
    try (FileChannel out = part.append()) {
      TimedBody.Piece piece = body.next(timeouts.silence());
      for (; piece.kind() == TimedBody.Kind.BYTES; piece = body.next(timeouts.silence())) {
        for (ByteBuffer buffer : piece.bytes()) {
          size += buffer.remaining();
          if (size > file.mostBytes()) {
            part.discard();
            throw new TransferFailure(
                "sends more than the %s bytes that can be right".formatted(file.mostBytes()));
          }
          AtomicFile.writeFully(out, buffer);
        }
        listener.advanced(what, size, Math.max(size, total));
      }
      out.force(true);
      return piece.kind() == TimedBody.Kind.END ? Result.COMPLETE : Result.CUT_OFF;
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
