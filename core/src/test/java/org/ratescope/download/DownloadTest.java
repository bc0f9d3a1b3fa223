package org.ratescope.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.catalogue.Checksum;
import org.ratescope.catalogue.KnownFile;
import org.ratescope.catalogue.KnownSet;
import org.ratescope.download.PlacedFile.How;

/** Against a server that cuts off, lies and stalls. */
@Timeout(60)
class DownloadTest {
  private static final Timeouts PATIENT =
      new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(40));

  private static final byte[] CONTENT = noise(300_000, 1);
  private static final byte[] OTHER = noise(300_000, 2);
  private static final String TAG = "\"one\"";

  @TempDir Path root;

  private LocalServer server;
  private final List<String> notes = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = LocalServer.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static byte[] noise(int size, long seed) {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static String digest(Checksum.Algorithm algorithm, byte[] bytes) {
    MessageDigest digest = algorithm.start();
    return HexFormat.of().formatHex(digest.digest(bytes));
  }

  private static String sha256(byte[] bytes) {
    return digest(Checksum.Algorithm.SHA256, bytes);
  }

  private static KnownFile file(String remoteName) {
    return new KnownFile(
        "a.bin",
        List.of(),
        remoteName,
        CONTENT.length,
        HexFormat.of().formatHex(CONTENT, 0, 4),
        List.of(
            new Checksum(Checksum.Algorithm.SHA256, sha256(CONTENT)),
            new Checksum(Checksum.Algorithm.MD5, digest(Checksum.Algorithm.MD5, CONTENT))));
  }

  private Download download(KnownFile file, URI... mirrors) {
    return download(PATIENT, file, mirrors);
  }

  private Download download(Timeouts timeouts, KnownFile file, URI... mirrors) {
    KnownSet set = new KnownSet("tiny", "", "", List.of(mirrors), List.of(file));
    DownloadListener listener =
        new DownloadListener() {
          @Override
          public void advanced(String what, long bytes, long total) {
            assertThat(bytes).isBetween(0L, total);
            progress.add(what + " " + bytes + "/" + total);
          }

          @Override
          public void noted(String message) {
            notes.add(message);
          }
        };
    return Download.of(set, root, timeouts, listener);
  }

  private Download plain() {
    return download(file("a.bin"), server.uri("/one/"), server.uri("/two/"));
  }

  private Path target() {
    return root.resolve("tiny/a.bin");
  }

  private Path part() {
    return root.resolve("tiny/a.bin.part");
  }

  private void assertGot(List<PlacedFile> placed, String origin) throws IOException {
    assertThat(placed)
        .singleElement()
        .satisfies(
            got -> {
              assertThat(got.path()).isEqualTo(target());
              assertThat(got.how()).isEqualTo(How.DOWNLOADED);
              assertThat(got.origin()).isEqualTo(server.uri(origin).toString());
              assertThat(got.sha256()).isEqualTo(sha256(CONTENT));
            });
    assertThat(target()).hasBinaryContent(CONTENT);
    assertNothingElse("a.bin", "build.lock");
  }

  private void assertNothingElse(String... names) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("tiny"))) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  @Test
  void aGoodServer() throws Exception {
    server.at("/one/a.bin", LocalServer.ranged(CONTENT, TAG));
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.bodyBytes()).isEqualTo(CONTENT.length);
    assertThat(notes).isEmpty();
    assertThat(progress)
        .startsWith("a.bin from localhost 0/300000")
        .contains("a.bin from localhost 300000/300000", "checking a.bin 300000/300000");
  }

  @Test
  void gzipIsUnpackedAndTheSecondCallAsksNobody() throws Exception {
    server.at("/one/a.bin.gz", LocalServer.ranged(Gzip.of(CONTENT), TAG));
    Download download = download(file("a.bin.gz"), server.uri("/one/"));
    assertGot(download.fromMirrors(), "/one/a.bin.gz");
    List<PlacedFile> again = download.fromMirrors();
    assertThat(again.getFirst().how()).isEqualTo(How.PRESENT);
    assertThat(again.getFirst().sha256()).isEqualTo(sha256(CONTENT));
    assertThat(server.requests()).hasSize(1);
  }

  /** As servers do that store files packed and unpack them on the way. */
  @Test
  void whatIsCalledGzipMayComePlain() throws Exception {
    server.at("/one/a.bin.gz", LocalServer.whole(CONTENT));
    assertGot(download(file("a.bin.gz"), server.uri("/one/")).fromMirrors(), "/one/a.bin.gz");
  }

  @Test
  void aBrokenConnectionIsResumedAtTheByte() throws Exception {
    server.at(
        "/one/a.bin",
        LocalServer.cutOff(CONTENT, TAG, 100_000),
        LocalServer.cutOff(CONTENT, TAG, 70_001),
        LocalServer.ranged(CONTENT, TAG));
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.bodyBytes()).isEqualTo(CONTENT.length);
    assertThat(server.requests().stream().map(LocalServer.Request::offset))
        .containsExactly(0, 100_000, 170_001);
    assertThat(server.requests().get(1).headers()).containsEntry("if-range", TAG);
    assertThat(notes)
        .containsExactly(
            server.uri("/one/a.bin") + ": cut off after 100000 bytes, going on",
            server.uri("/one/a.bin") + ": cut off after 170001 bytes, going on");
  }

  @Test
  void aCallThatFailedIsGoneOnWithByTheNext() throws Exception {
    server.at(
        "/one/a.bin",
        LocalServer.cutOff(CONTENT, TAG, 100_000),
        LocalServer.status("503 Service Unavailable"),
        LocalServer.ranged(CONTENT, TAG));
    assertThatThrownBy(() -> plain().fromMirrors())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(server.uri("/one/a.bin") + ": HTTP 503; ")
        .hasMessageContaining(server.uri("/two/a.bin") + ": HTTP 404. When you are online again");
    assertThat(part()).hasSize(100_000);
    assertThat(target()).doesNotExist();
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.bodyBytes()).isEqualTo(CONTENT.length);
  }

  @Test
  void aServerThatIgnoresRangesStartsOver() throws Exception {
    server.at("/one/a.bin", LocalServer.cutOff(CONTENT, TAG, 100_000), LocalServer.whole(CONTENT));
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.bodyBytes()).isEqualTo(CONTENT.length + 100_000);
  }

  @Test
  void aFileThatChangedIsNotSpliced() throws Exception {
    server.at(
        "/one/a.bin",
        LocalServer.cutOff(OTHER, "\"old\"", 100_000),
        LocalServer.ranged(CONTENT, "\"new\""));
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.requests().get(1).headers()).containsEntry("if-range", "\"old\"");
    assertThat(server.bodyBytes()).isEqualTo(CONTENT.length + 100_000);
  }

  /** A server that continues another file, and says so by its entity tag. */
  @Test
  void aContinuationWithAnotherTagIsRefused() throws Exception {
    server.at(
        "/one/a.bin",
        LocalServer.cutOff(OTHER, "\"old\"", 100_000),
        (request, reply) -> {
          reply.head(
              "206 Partial Content",
              "Content-Length: 200000",
              "Content-Range: bytes 100000-299999/300000",
              "ETag: \"new\"");
          reply.body(CONTENT, 100_000, 300_000);
        },
        LocalServer.ranged(CONTENT, "\"new\""));
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.requests().get(2).headers()).doesNotContainKey("range");
  }

  /** Nothing tells the two files apart but the checksum of the whole. */
  @Test
  void aSpliceThatNobodyNoticedIsFetchedAnew() throws Exception {
    LocalServer.Answer half =
        (request, reply) -> {
          reply.head("200 OK", "Content-Length: 300000");
          reply.body(OTHER, 0, 100_000);
        };
    server.at("/one/a.bin", half, LocalServer.status("500 Oops"), LocalServer.ranged(CONTENT, TAG));
    assertThatThrownBy(() -> plain().fromMirrors()).hasMessageContaining("HTTP 500");
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.bodyBytes()).isEqualTo(100_000 + 200_000 + 300_000);
  }

  @Test
  void aPartThatIsWholeIsNotSentAgain() throws Exception {
    server.at("/one/a.bin", LocalServer.ranged(CONTENT, TAG));
    Files.createDirectories(root.resolve("tiny"));
    PartFile part = PartFile.at(part());
    part.begin(new PartFile.Origin(server.uri("/one/a.bin"), TAG));
    Files.write(part(), CONTENT);
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.bodyBytes()).isZero();
  }

  @Test
  void aPartThatIsTooLongIsThrownAway() throws Exception {
    server.at("/one/a.bin", LocalServer.ranged(CONTENT, TAG));
    Files.createDirectories(root.resolve("tiny"));
    PartFile.at(part()).begin(new PartFile.Origin(server.uri("/one/a.bin"), TAG));
    Files.write(part(), noise(300_100, 5));
    assertGot(plain().fromMirrors(), "/one/a.bin");
  }

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
  void fewerBytesThanAnnounced() throws Exception {
    server.at("/one/a.bin", LocalServer.cutOff(CONTENT, TAG, 1000));
    Download download = download(file("a.bin"), server.uri("/one/"));
    assertThatThrownBy(download::fromMirrors).hasMessageContaining(": cut off after 21000 bytes. ");
    assertThat(server.requests()).as("the first and twenty resumptions").hasSize(21);
    assertThat(part()).hasSize(21_000);
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
  void aDamagedFileInPlaceIsReplaced() throws Exception {
    Files.createDirectories(root.resolve("tiny"));
    Files.write(target(), OTHER);
    server.at("/one/a.bin", LocalServer.ranged(CONTENT, TAG));
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(notes)
        .singleElement()
        .asString()
        .startsWith("a.bin in %s is got again: its content begins".formatted(root.resolve("tiny")));
  }

  @Test
  void onlyOneOfSeveralWorks() throws Exception {
    server.at(
        "/one/a.bin",
        (request, reply) -> {
          reply.head("200 OK", "Content-Length: 300000");
          for (int from = 0; from < 300_000; from += 30_000) {
            Thread.sleep(20);
            reply.body(CONTENT, from, from + 30_000);
          }
        });
    List<Future<List<PlacedFile>>> calls = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        KnownSet set =
            new KnownSet("tiny", "", "", List.of(server.uri("/one/")), List.of(file("a.bin")));
        Callable<List<PlacedFile>> call =
            () -> Download.of(set, root, PATIENT, DownloadListener.SILENT).fromMirrors();
        calls.add(threads.submit(call));
      }
    }
    List<How> how = new ArrayList<>();
    for (Future<List<PlacedFile>> call : calls) {
      how.add(call.get().getFirst().how());
    }
    assertThat(how).containsOnlyOnce(How.DOWNLOADED).contains(How.PRESENT);
    assertThat(server.requests()).hasSize(1);
    assertThat(target()).hasBinaryContent(CONTENT);
  }

  @Test
  void anInterruptedCallLeavesThePart() throws Exception {
    server.at(
        "/one/a.bin",
        (request, reply) -> {
          reply.head("200 OK", "Content-Length: 300000", "ETag: " + TAG);
          reply.body(CONTENT, 0, 120_000);
          reply.stall();
        },
        LocalServer.ranged(CONTENT, TAG));
    KnownSet set =
        new KnownSet("tiny", "", "", List.of(server.uri("/one/")), List.of(file("a.bin")));
    try (var threads = Executors.newSingleThreadExecutor()) {
      Future<List<PlacedFile>> call =
          threads.submit(
              () -> Download.of(set, root, PATIENT, DownloadListener.SILENT).fromMirrors());
      while (!Files.exists(part()) || Files.size(part()) < 120_000) {
        Thread.sleep(5);
      }
      threads.shutdownNow();
      assertThatThrownBy(call::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(InterruptedException.class);
    }
    assertThat(part()).hasSize(120_000);
    assertGot(plain().fromMirrors(), "/one/a.bin");
    assertThat(server.bodyBytes()).isEqualTo(CONTENT.length);
  }

  @Test
  void whatCannotBeWritten() throws Exception {
    Files.writeString(root.resolve("tiny"), "a file where the folder should be");
    assertThatThrownBy(() -> plain().fromMirrors())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "%s cannot be written (tiny needs 300000 bytes there): "
                .formatted(root.resolve("tiny")));
    assertThatThrownBy(() -> FileWatcher.requireSpace(300_000, 299_999))
        .hasMessage("not enough disk space: 300000 bytes more are needed, 299999 are free");
    FileWatcher.requireSpace(300_000, 300_000);
  }

  @Test
  void aTargetThatIsAFolderIsNamed() throws Exception {
    Files.createDirectories(target().resolve("full"));
    server.at("/one/a.bin", LocalServer.ranged(CONTENT, TAG));
    assertThatThrownBy(() -> plain().fromMirrors())
        .hasMessageStartingWith(
            "a.bin cannot be placed in %s, which takes 300000 bytes: "
                .formatted(root.resolve("tiny")));
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
