package org.ratescope.dataset.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.yaml.StudyFileException;

class CatalogueTest {
  private static final String MINE =
      """
      mine:
        about: My pictures
        mirrors: [https://example.org/data, "http://localhost:8080/x/"]
        files:
          pictures.npz:
            bytes: 1000
            sha256: 000102030405060708090A0b0c0d0e0f101112131415161718191a1b1c1d1e1f
            md5: 00112233445566778899aabbccddeeff
            begins: 504B0304
            download: v2/pictures.npz.gz
            also: [mine.npz]
          labels.npz: {bytes: 7}
      """;

  @TempDir Path folder;

  private static KnownSet builtIn(String name) {
    return Catalogue.builtIn().set(name).orElseThrow();
  }

  @Test
  void theBuiltInSets() {
    assertThat(Catalogue.builtIn().sets())
        .extracting(KnownSet::name)
        .containsExactly("mnist", "fashion-mnist", "smallnorb", "3dshapes", "hangul");
    assertThat(Catalogue.builtIn().sets())
        .allSatisfy(
            set -> {
              assertThat(set.about()).isNotEmpty();
              assertThat(set.terms()).isNotEmpty();
              if (!set.name().equals("hangul")) { // users take its file from a package
                assertThat(set.mirrors()).hasSizeGreaterThanOrEqualTo(2);
                assertThat(set.mirrors().getFirst().getScheme()).isEqualTo("https");
              }
              assertThat(set.files())
                  .allSatisfy(
                      file -> {
                        assertThat(file.checksums()).hasSize(1);
                        assertThat(file.begins()).isNotEmpty();
                      });
            });
    // header and values, as the formats have them
    assertThat(builtIn("mnist").bytes()).isEqualTo(4 * 8 + 2 * 8 + 70_000L * (28 * 28 + 1));
    assertThat(builtIn("smallnorb").bytes())
        .isEqualTo(2 * (24 + 20 + 20 + 24_300L * (2 * 96 * 96 + 4 + 16)));
  }

  /** Categories are n mod 5, so their file can be written down; its published MD5 agrees. */
  @Test
  void theCategoriesOfSmallNorbHaveTheirChecksum() {
    int count = 24_300;
    ByteBuffer file = ByteBuffer.allocate(20 + 4 * count).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0x1E3D4C54).putInt(1).putInt(count).putInt(1).putInt(1);
    for (int n = 0; n < count; n++) {
      file.putInt(n % 5);
    }
    String md5 = HexFormat.of().formatHex(ContentDigest.Algorithm.MD5.start().digest(file.array()));
    List<KnownFile> categories =
        builtIn("smallnorb").files().stream().filter(f -> f.name().contains("-cat")).toList();
    assertThat(categories).hasSize(2);
    assertThat(categories)
        .allSatisfy(
            known -> {
              assertThat(known.bytes()).isEqualTo(file.capacity());
              assertThat(known.checksums())
                  .containsExactly(new ContentDigest(ContentDigest.Algorithm.MD5, md5));
              assertThat(HexFormat.of().formatHex(file.array())).startsWith(known.begins());
            });
  }

  private Catalogue with(String text) throws IOException {
    return Catalogue.builtIn().with(Files.writeString(folder.resolve("datasets.yaml"), text));
  }

  @Test
  void aSetOfOnesOwn() throws IOException {
    KnownSet mine = with(MINE).set("mine").orElseThrow();
    assertThat(mine.mirrors())
        .containsExactly(
            URI.create("https://example.org/data/"), URI.create("http://localhost:8080/x/"));
    assertThat(mine.files()).hasSize(2);
    KnownFile pictures = mine.files().getFirst();
    assertThat(pictures.begins()).isEqualTo("504b0304");
    assertThat(pictures.remoteName()).isEqualTo("v2/pictures.npz.gz");
    assertThat(pictures.verifiedBy()).isEqualTo("SHA-256, MD5");
    assertThat(pictures.acceptedNames())
        .containsExactly("pictures.npz", "pictures.npz.gz", "mine.npz", "mine.npz.gz");
    assertThat(mine.files().get(1).verifiedBy()).isEqualTo("size only");
    assertThat(mine.bytes()).isEqualTo(1007);
  }

  @Test
  void moreMirrorsAreTriedFirst() throws IOException {
    KnownSet before = builtIn("mnist");
    KnownSet after = with("mnist: {mirrors: [http://intranet/mnist]}").set("mnist").orElseThrow();
    assertThat(after.mirrors().getFirst()).isEqualTo(URI.create("http://intranet/mnist/"));
    assertThat(after.mirrors()).containsAll(before.mirrors()).hasSize(before.mirrors().size() + 1);
    assertThat(after.files()).isEqualTo(before.files());
  }

  @ParameterizedTest
  @CsvSource({
    "https://ann:hunter2@example.org/x, https://example.org/x/",
    "https://hunter2@example.org/x/, https://example.org/x/",
    "http://ann:hunter2@localhost:8080/@/x/, http://localhost:8080/@/x/",
    "https://ann:hun@hunter2@example.org/, https://example.org/"
  })
  void userNamesAndPasswordsOfMirrorsAreLeftOut(String given, String kept) throws IOException {
    KnownSet set = with("mnist: {mirrors: ['%s']}".formatted(given)).set("mnist").orElseThrow();
    assertThat(set.mirrors().getFirst()).isEqualTo(URI.create(kept));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTPS://ann:hunter2@example.org/",
        "ftp://ann:hunter2@example.org/",
        "https://ann:hunter2@example.org/?q",
        "https://ann:hun/hunter2@example.org/",
        "https://ann:hun#hunter2@example.org/",
        "https:ann:hunter2@example.org",
        "ann:hunter2@example.org"
      })
  void passwordsOfMirrorsThatAreRefusedAreNotShown(String address) {
    for (String form : List.of("mnist: {mirrors: ['%s']}", "mnist: {mirrors: '%s'}")) {
      assertThatThrownBy(() -> with(form.formatted(address)))
          .isInstanceOf(StudyFileException.class)
          .hasMessageContaining("expected an address such as https://example.org/data/")
          .hasMessageNotContaining("hunter2");
    }
  }

  /** The example of docs/data-get.md is what it says. */
  @Test
  void theDocumentedExampleIsRead() throws IOException {
    Matcher example =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("..", "docs", "data-get.md")));
    assertThat(example.find()).isTrue();
    Catalogue catalogue = with(example.group(1));
    assertThat(catalogue.set("mnist").orElseThrow().mirrors().getFirst())
        .isEqualTo(URI.create("https://intranet.example.org/mnist/"));
    KnownSet faces = catalogue.set("faces").orElseThrow();
    assertThat(faces.mirrors()).hasSize(2);
    assertThat(faces.files().getFirst().verifiedBy()).isEqualTo("SHA-256");
  }

  private void assertMessage(String text, String message) {
    StudyFileException error = catchThrowableOfType(StudyFileException.class, () -> with(text));
    assertThat(error).isNotNull().hasMessage(folder.resolve("datasets.yaml") + ":" + message);
  }

  private void assertImages(String images, String message) {
    assertMessage(
        "mine: {files: {a: {bytes: 1}}, images: %s}".formatted(images), "1: mine." + message);
  }

  @Test
  void whatIsWrongIsSaidWithItsPlace() {
    assertMessage(
        "mnist:\n  files: {train-images-idx3-ubyte: {bytes: 1}}",
        "2: mnist.files: got files of a set that is known already; expected only mirrors; a set"
            + " of your own needs a name of its own");
    assertMessage(
        MINE.replace("      bytes: 1000\n", ""),
        "5: mine.files.pictures.npz.bytes: missing; expected a whole number from 1 to"
            + " 1125899906842624");
    assertMessage(
        MINE.replace("1000", "0"),
        "6: mine.files.pictures.npz.bytes: got 0; expected a whole number from 1"
            + " to 1125899906842624");
    assertMessage(
        MINE.replace("eeff", "eef"),
        "8: mine.files.pictures.npz.md5: got \"00112233445566778899aabbccddeef\";"
            + " expected the MD5 of the content in hexadecimal");
    assertMessage(
        MINE.replace("504B0304", "504B030"),
        "9: mine.files.pictures.npz.begins: got \"504B030\"; expected 1 to 16 bytes, two"
            + " hexadecimal digits each, such as 00000803");
    assertMessage(
        MINE.replace("v2/pictures", "../pictures"),
        "10: mine.files.pictures.npz.download: got \"../pictures.npz.gz\"; expected a"
            + " relative address of letters, digits, '.', '_', '-', '%' and '/'");
    assertMessage(
        MINE.replace("labels.npz:", "../../labels:"),
        "12: mine.files.../../labels: got \"../../labels\"; expected a file name of"
            + " letters, digits, '.', '_' and '-'");
    assertMessage(
        MINE.replace("https://example.org/data", "ftp://example.org/data"),
        "3: mine.mirrors[1]: got \"ftp://example.org/data\"; expected an address such as"
            + " https://example.org/data/");
    assertMessage(
        MINE.replace("mirrors:", "mirror:"),
        "3: mine.mirror: unknown key; expected about, terms, mirrors, files, images (did you mean"
            + " mirrors?)");
    assertMessage(
        "Mine: {files: {a: {bytes: 1}}}",
        "1: Mine: a name that is not allowed; expected a name of up to 64 lower-case letters,"
            + " digits and '-' other than tetrominoes, images, array, hdf5");
    assertMessage(
        "hdf5: {files: {a: {bytes: 1}}}",
        "1: hdf5: a name that is not allowed; expected a name of up to 64 lower-case letters,"
            + " digits and '-' other than tetrominoes, images, array, hdf5");
    assertMessage(
        "mine: {about: x}", "1: mine.files: missing; expected a mapping with a key for each file");
    assertImages(
        "{form: zip}", "images.form: got \"zip\"; expected idx, matrix, npy, npz, hdf5, unifont");
    assertImages(
        "{form: npz}", "images.size: missing; expected PIXELS or HEIGHTxWIDTH, each 1 to 1024");
    assertImages("{form: npz, size: 8}", "images.colour: missing; expected grey, rgb");
    String good = "{form: npz, size: 8, colour: grey, ";
    assertImages(
        good + "parts: {images: {file: b, key: x}}}",
        "images.parts.images.file: got \"b\"; expected a");
    assertImages(
        good + "parts: {images: {file: a}}}",
        "images.parts.images.key: missing; expected a name of 1 to 1024 characters");
    assertImages(
        good + "blank: 2, parts: {}}",
        "images.parts.images: missing; expected the array of the images");
    assertImages(
        good + "factors: [a b], parts: {images: {file: a, key: x}}}",
        "images.factors[1]: got \"a b\"; expected a name of 1 to 64 letters, digits, '-' and '_'");
    assertMessage(
        "- a", "1: got a list; expected a mapping of the keys with the names of data sets");
  }
}
