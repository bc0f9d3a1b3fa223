package org.ratescope.dataset.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.catalogue.Catalogue;
import org.ratescope.dataset.catalogue.ContentDigest;
import org.ratescope.dataset.catalogue.KnownFile;
import org.ratescope.dataset.catalogue.KnownSet;
import org.ratescope.dataset.download.PlacedFile.How;

/** Taking files that a person has. */
class SuppliedFilesTest {
  private static final Path MNIST = Path.of("..", "..", "shared", "data", "mnist");
  private static final byte[] ONE = "content of one".getBytes(StandardCharsets.UTF_8);
  private static final byte[] TWO = "content of two, longer".getBytes(StandardCharsets.UTF_8);
  private static final KnownSet PAIR =
      new KnownSet(
          "pair",
          "",
          "",
          List.of(),
          List.of(
              // digests by sha256sum and md5sum of GNU coreutils 9.1
              file(
                  "one.bin",
                  ONE,
                  new ContentDigest(
                      ContentDigest.Algorithm.SHA256,
                      "70fcb0ddfafe8b932696f597564ec22d27c3045c6a0452fd08c92e38461ae3ef")),
              file(
                  "two.bin",
                  TWO,
                  new ContentDigest(
                      ContentDigest.Algorithm.MD5, "90ac264e350e0fed58ac6c8637d14f17"))),
          Optional.empty());

  @TempDir Path root;
  @TempDir Path own;

  private static KnownFile file(String name, byte[] content, ContentDigest checksum) {
    return new KnownFile(
        name, List.of("also-" + name), name, content.length, "", List.of(checksum));
  }

  private List<PlacedFile> take(KnownSet set, Path path) throws IOException, InterruptedException {
    return Download.of(set, root, Timeouts.DEFAULT, DownloadListener.SILENT).fromPath(path);
  }

  @Test
  void aFolderWithPlainAndPackedFiles() throws Exception {
    Path one = Files.write(own.resolve("one.bin"), ONE);
    Files.write(own.resolve("also-two.bin.gz"), Gzip.of(TWO));
    List<PlacedFile> placed = take(PAIR, own);
    assertThat(placed).extracting(PlacedFile::how).containsExactly(How.LINKED, How.COPIED);
    assertThat(placed.getFirst().origin()).isEqualTo(one.toString());
    assertThat(placed.getFirst().sha256())
        .isEqualTo("70fcb0ddfafe8b932696f597564ec22d27c3045c6a0452fd08c92e38461ae3ef");
    assertThat(root.resolve("pair/one.bin")).hasBinaryContent(ONE);
    assertThat(Files.isSameFile(one, root.resolve("pair/one.bin"))).isTrue();
    assertThat(root.resolve("pair/two.bin")).hasBinaryContent(TWO);
    assertThat(one).hasBinaryContent(ONE);
    assertThat(take(PAIR, own)).extracting(PlacedFile::how).containsOnly(How.PRESENT);
  }

  @Test
  void aLinkIsFollowed() throws Exception {
    Path one = Files.write(own.resolve("x"), ONE);
    Files.createSymbolicLink(own.resolve("one.bin"), one);
    Files.write(own.resolve("two.bin"), TWO);
    assertThat(take(PAIR, own)).hasSize(2);
    assertThat(Files.isSymbolicLink(root.resolve("pair/one.bin"))).isFalse();
    assertThat(root.resolve("pair/one.bin")).hasBinaryContent(ONE);
  }

  @Test
  void whatIsThereIsTakenAndWhatIsMissingIsNamed() throws Exception {
    Path two = Files.write(own.resolve("two.bin"), TWO);
    assertThatThrownBy(() -> take(PAIR, two))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "1 of 2 files of pair are in %s; of the others %s has none of the names one.bin,"
                + " one.bin.gz, also-one.bin, also-one.bin.gz",
            root.resolve("pair"), two);
    assertThat(root.resolve("pair/two.bin")).hasBinaryContent(TWO);
    assertThat(take(PAIR, Files.write(own.resolve("one.bin.gz"), Gzip.of(ONE)))).hasSize(2);
  }

  @Test
  void aFileThatIsAnotherOneIsNamed() throws Exception {
    byte[] other = ONE.clone();
    other[3] ^= 1;
    Path one = Files.write(own.resolve("one.bin"), other);
    assertThatThrownBy(() -> take(PAIR, own))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(one + " is not one.bin of pair: its content has the SHA-256 ")
        .hasMessageEndingWith(
            ", not 70fcb0ddfafe8b932696f597564ec22d27c3045c6a0452fd08c92e38461ae3ef");
    assertThat(root.resolve("pair/one.bin")).doesNotExist();
    Files.write(own.resolve("one.bin"), new byte[0]);
    assertThatThrownBy(() -> take(PAIR, own)).hasMessageEndingWith("ends after 0 of 14 bytes");
  }

  @Test
  void aSetOfOneFileTakesItUnderAnyName() throws Exception {
    KnownSet single =
        new KnownSet(
            "single", "", "", List.of(), List.of(PAIR.files().getFirst()), Optional.empty());
    Path file = Files.write(own.resolve("my copy (2).bin"), ONE);
    assertThat(take(single, file)).extracting(PlacedFile::how).containsExactly(How.LINKED);
    assertThatThrownBy(() -> take(single, own.resolve("none")))
        .hasMessage(own.resolve("none") + ": no such file or folder");
  }

  @Test
  void aPipeIsNotOpened() throws Exception {
    KnownSet single =
        new KnownSet(
            "single", "", "", List.of(), List.of(PAIR.files().getFirst()), Optional.empty());
    Path pipe = own.resolve("pipe");
    Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assertThat(made.waitFor()).isZero();
    for (Path file : List.of(pipe, Path.of("/dev/zero"))) {
      assertThatThrownBy(() -> take(single, file))
          .isInstanceOf(IOException.class)
          .hasMessage("%s: a pipe, socket or device; expected a file", file);
    }
    Files.move(pipe, own.resolve("one.bin"));
    assertThatThrownBy(() -> take(single, own)).hasMessageContaining("has none of the names");
  }

  /** The real files, if they are beside this checkout; they are no part of this repository. */
  @Test
  void mnist() throws Exception {
    assumeTrue(Files.isDirectory(MNIST), "skipped: MNIST's files are not beside this checkout");
    KnownSet mnist = Catalogue.builtIn().set("mnist").orElseThrow();
    List<PlacedFile> placed = take(mnist, MNIST);
    assertThat(placed).extracting(PlacedFile::how).containsOnly(How.COPIED).hasSize(4);
    for (PlacedFile file : placed) {
      assertThat(Files.size(file.path())).isEqualTo(file.file().bytes());
      assertThat(file.sha256()).isEqualTo(file.file().checksums().getFirst().hex());
    }
    assertThat(DatasetFolder.of(root, "mnist").file("t10k-images-idx3-ubyte"))
        .isEqualTo(root.resolve("mnist/t10k-images-idx3-ubyte"));
  }
}
