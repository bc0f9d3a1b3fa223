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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ratescope.io.AtomicFile;

/**
 * Brings what is at an address into a {@link PartialFile}, going on where the part ends. Follows
 * redirects, but not from https to http; uses the proxy of the JDK's standard system properties.
 */
final class ResumableTransfer implements AutoCloseable {
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  /** How often a mirror may break the connection, something more having come each time. */
  private static final int RESUMPTIONS = 20;

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(\\d{1,18}|\\*)");

  private final HttpClient client;
  private final Timeouts timeouts;

  ResumableTransfer(Timeouts timeouts) {
    this.timeouts = timeouts;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(timeouts.connect())
            .proxy(ProxySelector.getDefault())
            .build();
  }

  /** Told how a transfer goes. */
  interface Watcher {
    /**
     * Before a byte is written.
     *
     * @param total size of the whole file, negative when the mirror does not say
     * @throws IOException to stop the transfer
     */
    void begun(long already, long total) throws IOException;

    void advanced(long bytes);

    void noted(String message);
  }

  /**
   * Fetches all that is missing.
   *
   * @param most more bytes than that are not taken
   * @throws TransferFailure if this mirror does not give it; a part that may be continued stays
   */
  void fetch(URI url, PartialFile part, long most, Watcher watcher)
      throws IOException, InterruptedException {
    for (int resumption = 0; ; resumption++) {
      long before = part.length(url);
      try {
        if (!once(url, part, most, watcher)) {
          boolean unused = once(url, part, most, watcher);
        }
        return;
      } catch (TransferFailure e) {
        long now = part.length(url);
        if (!e.isCutOff() || now <= before || resumption == RESUMPTIONS) {
          throw e;
        }
        watcher.noted("%s: %s, going on".formatted(url, e.getMessage()));
      }
    }
  }

  /** Whether the rest has come; false when the part was of something else and is gone. */
  private boolean once(URI url, PartialFile part, long most, Watcher watcher)
      throws IOException, InterruptedException {
    long already = part.length(url);
    HttpResponse<TimedBody> response = send(request(url, part.origin().validator(), already));
    try (TimedBody body = response.body()) {
      if (response.statusCode() == RANGE_NOT_SATISFIABLE
          && already > 0
          && total(response.headers()) == already) {
        return true; // all of it had come before
      }
      if (already > 0 && !fits(response, part, already)) {
        part.discard();
        return false;
      }
      long offset = response.statusCode() == PARTIAL ? already : 0;
      long length = response.headers().firstValueAsLong("content-length").orElse(-1);
      requireGood(response, already, offset + Math.max(0, length), most);
      if (offset == 0) {
        part.begin(new PartialFile.Origin(url, validator(response.headers())));
      }
      watcher.begun(offset, length < 0 ? -1 : offset + length);
      receive(body, part, offset, most, watcher);
      return true;
    }
  }

  private static HttpRequest request(URI url, String validator, long already) {
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
    return request.build();
  }

  /** Waits for the headers only. */
  private HttpResponse<TimedBody> send(HttpRequest request)
      throws TransferFailure, InterruptedException {
    CompletableFuture<HttpResponse<TimedBody>> sent =
        client.sendAsync(request, headers -> new TimedBody());
    long wait = timeouts.connect().plus(timeouts.silence()).toMillis();
    try {
      return sent.get(wait, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw TransferFailure.of(reason(e.getCause() == null ? e : e.getCause()));
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw TransferFailure.of("no answer for " + Timeouts.text(timeouts.silence()));
    } catch (InterruptedException e) {
      sent.cancel(true);
      throw e;
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
    if (error instanceof ConnectException) {
      return error.getMessage() == null ? "connection refused" : error.getMessage();
    }
    return error.getMessage() == null ? error.toString() : error.getMessage();
  }

  /** Whether an answer is of the same file as the part, or of a whole one that replaces it. */
  private static boolean fits(HttpResponse<TimedBody> response, PartialFile part, long already)
      throws IOException {
    if (response.statusCode() != PARTIAL) {
      return response.statusCode() != RANGE_NOT_SATISFIABLE;
    }
    Matcher range = range(response.headers());
    String before = part.origin().validator();
    String now = validator(response.headers());
    return range.matches()
        && range.group(1) != null
        && Long.parseLong(range.group(1)) == already
        && (before.isEmpty() || now.isEmpty() || before.equals(now));
  }

  private static Matcher range(HttpHeaders headers) {
    return CONTENT_RANGE.matcher(headers.firstValue("content-range").orElse(""));
  }

  private static long total(HttpHeaders headers) {
    Matcher range = range(headers);
    return range.matches() && !range.group(2).equals("*") ? Long.parseLong(range.group(2)) : -1;
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
      throw TransferFailure.of("HTTP " + status);
    }
    String type = response.headers().firstValue("content-type").orElse("");
    if (type.startsWith("text/html")) {
      throw TransferFailure.of("a web page came, not a file");
    }
    if (size > most) {
      throw TransferFailure.of("announces %d bytes, at most %d can be right".formatted(size, most));
    }
  }

  private void receive(TimedBody body, PartialFile part, long offset, long most, Watcher watcher)
      throws IOException, InterruptedException {
    long size = offset;
    try (FileChannel out = part.append()) {
      for (List<ByteBuffer> bytes = body.next(timeouts.silence());
          !bytes.isEmpty();
          bytes = body.next(timeouts.silence())) {
        for (ByteBuffer buffer : bytes) {
          size += buffer.remaining();
          if (size > most) {
            part.discard();
            throw TransferFailure.of(
                "sends more than the %d bytes that can be right".formatted(most));
          }
          AtomicFile.writeFully(out, buffer);
        }
        watcher.advanced(size);
      }
      out.force(true);
    } catch (TransferFailure e) {
      throw e.isCutOff() ? TransferFailure.cutOff("cut off after %d bytes".formatted(size)) : e;
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
