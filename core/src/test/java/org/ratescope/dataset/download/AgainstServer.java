package org.ratescope.dataset.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.catalogue.ContentDigest;
import org.ratescope.dataset.catalogue.KnownFile;
import org.ratescope.dataset.catalogue.KnownSet;
import org.ratescope.dataset.download.PlacedFile.How;

/** A set of one file, its folder, and a server that has it or pretends to. */
abstract class AgainstServer {
  static final Timeouts PATIENT = new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(40));

  static final byte[] CONTENT = noise(300_000, 1);
  static final byte[] OTHER = noise(300_000, 2);
  static final String TAG = "\"one\"";

  @TempDir Path root;

  LocalServer server;
  final List<String> notes = new ArrayList<>();
  final List<String> progress = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = LocalServer.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  static byte[] noise(int size, long seed) {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  static String digest(ContentDigest.Algorithm algorithm, byte[] bytes) {
    MessageDigest digest = algorithm.start();
    return HexFormat.of().formatHex(digest.digest(bytes));
  }

  static String sha256(byte[] bytes) {
    return digest(ContentDigest.Algorithm.SHA256, bytes);
  }

  static KnownFile file(String remoteName) {
    return new KnownFile(
        "a.bin",
        List.of(),
        remoteName,
        CONTENT.length,
        HexFormat.of().formatHex(CONTENT, 0, 4),
        List.of(
            new ContentDigest(ContentDigest.Algorithm.SHA256, sha256(CONTENT)),
            new ContentDigest(
                ContentDigest.Algorithm.MD5, digest(ContentDigest.Algorithm.MD5, CONTENT))));
  }

  Download download(KnownFile file, URI... mirrors) {
    return download(PATIENT, file, mirrors);
  }

  Download download(Timeouts timeouts, KnownFile file, URI... mirrors) {
    KnownSet set = new KnownSet("tiny", "", "", List.of(mirrors), List.of(file), Optional.empty());
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

  Download plain() {
    return download(file("a.bin"), server.uri("/one/"), server.uri("/two/"));
  }

  Path target() {
    return root.resolve("tiny/a.bin");
  }

  Path part() {
    return root.resolve("tiny/a.bin.part");
  }

  void assertGot(List<PlacedFile> placed, String origin) throws IOException {
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

  void assertNothingElse(String... names) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("tiny"))) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }
}
