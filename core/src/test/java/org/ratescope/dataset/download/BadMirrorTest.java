package org.ratescope.dataset.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.ratescope.dataset.catalogue.KnownFile;

/** Servers that lie, stall and refuse. */
@Timeout(60)
@Isolated("it changes the proxy of the process")
class BadMirrorTest extends AgainstServer {
  @Test
  void wrongBytesOfTheRightLength() throws Exception {
    byte[] lie = CONTENT.clone();
    lie[250_000] ^= 1;
    server
        .at("/one/a.bin", LocalServer.ranged(lie, TAG))
        .at("/two/a.bin", LocalServer.ranged(CONTENT, TAG));
    assertGot(plain().fromMirrors(), "/two/a.bin");
    assertThat(notes)
        .containsExactly(
            "%s: wrong file, its content has the SHA-256 %s, not %s"
                .formatted(server.uri("/one/a.bin"), sha256(lie), sha256(CONTENT)));
  }

  @Test
  void aWrongFileLeavesNothing() throws Exception {
    server.at("/one/a.bin", LocalServer.ranged(OTHER, TAG));
    assertThatThrownBy(() -> plain().fromMirrors())
        .hasMessageStartingWith("a.bin of tiny could not be got. Tried: ")
        .hasMessageContaining("wrong file, its content begins with the bytes ")
        .hasMessageContaining("'ratescope data get tiny --from PATH'")
        .hasMessageContaining(root.resolve("datasets.yaml").toString());
    assertNothingElse("build.lock");
  }

  @Test
  void moreBytesThanCanBeRight() throws Exception {
    byte[] more = noise(400_000, 3);
    System.arraycopy(CONTENT, 0, more, 0, CONTENT.length);
    server
        .at("/one/a.bin", LocalServer.whole(more))
        .at(
            "/two/a.bin",
            (request, reply) -> { // no length: the body ends with the connection
              reply.head("200 OK");
              for (int i = 0; i < 1000; i++) {
                reply.body(more, 0, more.length);
              }
            });
    assertThatThrownBy(() -> plain().fromMirrors())
        .hasMessageContaining("/one/a.bin: announces 400000 bytes, at most 304396 can be right;")
        .hasMessageContaining("/two/a.bin: sends more than the 304396 bytes that can be right.");
    assertThat(server.bodyBytes()).isLessThan(50_000_000);
    assertNothingElse("build.lock");
  }

  @Test
  void aFewBytesTooMany() throws Exception {
    byte[] more = Arrays.copyOf(CONTENT, CONTENT.length + 10);
    server.at("/one/a.bin", LocalServer.whole(more));
    assertThatThrownBy(() -> plain().fromMirrors())
        .hasMessageContaining("wrong file, its content goes on after 300000 bytes");
  }

  @Test
  void aServerThatSendsNothingMoreIsLeft() throws Exception {
    server
        .at(
            "/one/a.bin",
            (request, reply) -> {
              reply.head("200 OK", "Content-Length: " + CONTENT.length);
              reply.body(CONTENT, 0, 10_000);
              reply.stall();
            })
        .at("/two/a.bin", LocalServer.ranged(CONTENT, TAG));
    Timeouts timeouts = new Timeouts(Duration.ofSeconds(20), Duration.ofMillis(1500));
    Download download = download(timeouts, file("a.bin"), server.uri("/one/"), server.uri("/two/"));
    assertGot(download.fromMirrors(), "/two/a.bin");
    assertThat(notes).containsExactly(server.uri("/one/a.bin") + ": sent nothing for 1500 ms");
  }

  @Test
  void aServerThatNeverAnswersIsLeft() throws Exception {
    Timeouts timeouts = new Timeouts(Duration.ofMillis(200), Duration.ofMillis(200));
    server.at("/one/a.bin", (request, reply) -> reply.stall());
    Download download = download(timeouts, file("a.bin"), server.uri("/one/"));
    assertThatThrownBy(download::fromMirrors).hasMessageContaining("no answer for 200 ms");
  }

  @Test
  void refusals() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    server.at("/two/a.bin", LocalServer.whole(CONTENT, "Content-Type: text/html; charset=utf-8"));
    Download download =
        download(
            file("a.bin"),
            URI.create("http://localhost:%d/".formatted(closed)),
            URI.create("http://ratescope.invalid/"),
            server.uri("/two/"),
            server.uri("/three/"));
    assertThatThrownBy(download::fromMirrors)
        .hasMessageContaining(":%d/a.bin: connection refused;".formatted(closed))
        .hasMessageContaining("http://ratescope.invalid/a.bin: no such host is known here;")
        .hasMessageContaining("/two/a.bin: a web page came, not a file;")
        .hasMessageContaining("/three/a.bin: HTTP 404.");
    assertThat(notes).hasSize(4);
  }

  @Test
  void redirectsAreFollowed() throws Exception {
    server
        .at("/one/a.bin", LocalServer.redirect("/elsewhere/b"))
        .at(
            "/elsewhere/b",
            LocalServer.cutOff(CONTENT, TAG, 100_000),
            LocalServer.ranged(CONTENT, TAG));
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.bodyBytes()).isEqualTo(CONTENT.length);
  }

  /** What is recorded and told is the address of the catalogue. */
  @Test
  void aRedirectToAnotherHostIsFollowedAndNotRecorded() throws Exception {
    String other = server.uri("/b?key=hunter2").toString().replace("localhost", "127.0.0.1");
    server.at("/one/a.bin", LocalServer.redirect(other));
    server.at("/b?key=hunter2", LocalServer.status("500 Oops"));
    server.at("/two/a.bin", LocalServer.ranged(CONTENT, TAG));
    assertGot(plain().fromMirrors(), "/two/a.bin");
    assertThat(server.requests()).extracting(LocalServer.Request::path).contains("/b?key=hunter2");
    assertThat(notes.toString()).contains("/one/a.bin: HTTP 500").doesNotContain("hunter2");
    assertThat(progress.toString()).doesNotContain("hunter2");
  }

  @Test
  void redirectsToOtherSchemesAreNotFollowed() throws Exception {
    Path secret = Files.write(root.resolve("secret"), CONTENT);
    server
        .at("/one/a.bin", LocalServer.redirect(secret.toUri().toString()))
        .at("/two/a.bin", LocalServer.redirect("ftp://localhost/a.bin"));
    assertThatThrownBy(() -> plain().fromMirrors())
        .hasMessageContaining("/one/a.bin: ")
        .hasMessageContaining("/two/a.bin: ");
    assertNothingElse("build.lock");
  }

  @Test
  void aProxyIsAsked() throws Exception {
    ProxySelector before = ProxySelector.getDefault();
    URI proxy = server.uri("/");
    ProxySelector.setDefault(
        ProxySelector.of(new InetSocketAddress(proxy.getHost(), proxy.getPort())));
    try {
      String mirror = "http://mirror.invalid/one/";
      server.at(mirror + "a.bin", LocalServer.ranged(CONTENT, TAG));
      List<PlacedFile> placed = download(file("a.bin"), URI.create(mirror)).fromMirrors();
      assertThat(placed.getFirst().origin()).isEqualTo(mirror + "a.bin");
      assertThat(target()).hasBinaryContent(CONTENT);
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  @Test
  void redirectsInACircleEnd() throws Exception {
    server
        .at("/one/a.bin", LocalServer.redirect("/one/a.bin"))
        .at("/two/a.bin", LocalServer.redirect("file:///etc/passwd"));
    assertThatThrownBy(() -> plain().fromMirrors())
        .hasMessageContaining("/one/a.bin: HTTP 302")
        .hasMessageContaining("/two/a.bin: ");
    assertThat(server.requests()).hasSizeLessThan(20);
    assertNothingElse("build.lock");
  }

  @Test
  void aGzipBombIsNotUnpacked() throws Exception {
    byte[] zeros = new byte[200_000_000];
    System.arraycopy(CONTENT, 0, zeros, 0, 4);
    byte[] bomb = Gzip.of(zeros);
    assertThat(bomb).hasSizeLessThan(300_000);
    server.at("/one/a.bin.gz", LocalServer.ranged(bomb, TAG));
    Download download = download(file("a.bin.gz"), server.uri("/one/"));
    assertThatThrownBy(download::fromMirrors)
        .hasMessageContaining("wrong file, its content goes on after 300000 bytes");
    assertNothingElse("build.lock");
  }

  @Test
  void damagedGzip() throws Exception {
    byte[] packed = Gzip.of(CONTENT);
    byte[] damaged = packed.clone();
    damaged[100_000] ^= 0x55;
    byte[] shortened = Arrays.copyOf(packed, packed.length - 20_000);
    server
        .at("/one/a.bin.gz", LocalServer.ranged(damaged, TAG))
        .at("/two/a.bin.gz", LocalServer.whole(shortened));
    Download download = download(file("a.bin.gz"), server.uri("/one/"), server.uri("/two/"));
    assertThatThrownBy(download::fromMirrors)
        .hasMessageContaining("/two/a.bin.gz: wrong file, its content is damaged gzip (")
        .hasMessageContaining("/one/a.bin.gz: wrong file, its content ");
    assertNothingElse("build.lock");
  }

  @Test
  void aSetWithoutMirrorsSaysSo() {
    assertThatThrownBy(() -> download(file("a.bin")).fromMirrors())
        .hasMessageContaining("Tried: nothing, the catalogue names no mirror.");
  }

  /** Neither a size nor a beginning is a checksum, but a page of HTML has neither. */
  @Test
  void unverifiedFilesNeedTheirSizeAndBeginning() throws Exception {
    KnownFile unverified = new KnownFile("a.bin", List.of(), "a.bin", 8, "61626364", List.of());
    byte[] right = "abcdefgh".getBytes(StandardCharsets.UTF_8);
    byte[] wrong = "<html>12".getBytes(StandardCharsets.UTF_8);
    server.at("/one/a.bin", LocalServer.whole(wrong)).at("/two/a.bin", LocalServer.whole(right));
    List<PlacedFile> placed =
        download(unverified, server.uri("/one/"), server.uri("/two/")).fromMirrors();
    assertThat(placed.getFirst().sha256()).isEqualTo(sha256(right));
    assertThat(placed.getFirst().file().verifiedBy()).isEqualTo("size only");
    assertThat(notes)
        .containsExactly(
            server.uri("/one/a.bin")
                + ": wrong file, its content begins with the bytes 3c68746d, not 61626364");
  }
}
