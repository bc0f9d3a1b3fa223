package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Records belong to the data of their runs: every command that reads or adds records checks this.
 */
class OtherDataTest {
  private static final String PHOTOS = PhotoStudy.PHOTOS;
  private static final String ARRAY =
      "{array: x.npz, key: x, labels: y, size: 2, colour: grey, white: 1}";

  @TempDir Path folder;

  private PhotoStudy photos;

  /** A change of the data after a run. */
  interface Change {
    void make(OtherDataTest test) throws IOException;
  }

  @BeforeEach
  void writeData() throws IOException {
    photos = new PhotoStudy(folder);
    photos.write();
    arrays(i -> i % 3);
  }

  private void picture(String file, int shade) throws IOException {
    photos.picture(file, shade);
  }

  private void study(String data, String split) throws IOException {
    photos.study(data, split);
  }

  private Call call(String command, String... more) {
    return photos.call(command, more);
  }

  private interface Label {
    int of(int row);
  }

  /** Thirty images of two by two pixels and their labels. */
  private void arrays(Label label) throws IOException {
    int rows = 30;
    byte[] images = new byte[4 * rows];
    ByteBuffer labels = ByteBuffer.allocate(4 * rows).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows; i++) {
      images[4 * i + i % 4] = 1;
      labels.putInt(label.of(i));
    }
    try (OutputStream out = Files.newOutputStream(folder.resolve("x.npz"));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      entry(zip, "x", "|u1", "%d, 2, 2".formatted(rows), images);
      entry(zip, "y", "<i4", "%d,".formatted(rows), labels.array());
    }
  }

  private static void entry(
      ZipOutputStream zip, String name, String type, String shape, byte[] data) throws IOException {
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, shape);
    String padded = header + " ".repeat(63 - (header.length() + 10) % 64) + "\n";
    ByteBuffer npy =
        ByteBuffer.allocate(10 + padded.length() + data.length).order(ByteOrder.LITTLE_ENDIAN);
    npy.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) padded.length())
        .put(padded.getBytes(StandardCharsets.US_ASCII))
        .put(data);
    zip.putNextEntry(new ZipEntry(name + ".npy"));
    zip.write(npy.array());
    zip.closeEntry();
  }

  private static Arguments change(String name, String data, String split, Change change) {
    return Arguments.of(name, data, split, change);
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        change(
            "another folder of that name",
            PHOTOS,
            "cv:0.5",
            test -> {
              for (int i = 0; i < 12; i++) {
                test.picture("others/train/%d.png".formatted(i), 7 * i);
              }
              test.study(PHOTOS.replace("photos", "others"), "cv:0.5");
            }),
        change(
            "another folder of that name with as many files of the same names",
            PHOTOS,
            "default",
            test -> {
              for (int i = 0; i < 8; i++) {
                String name = "%s/%d.png".formatted(i % 2 == 0 ? "even" : "odd", i);
                test.picture("others/train/" + name, 7 * i);
                Files.setLastModifiedTime(
                    test.folder.resolve("others/train").resolve(name),
                    Files.getLastModifiedTime(test.folder.resolve("photos/train").resolve(name)));
              }
              test.study(PHOTOS.replace("photos", "others"), "default");
            }),
        change("a photo is added", PHOTOS, "cv:0.5", t -> t.picture("photos/train/even/8.png", 9)),
        change(
            "a photo is removed",
            PHOTOS,
            "cv:0.5",
            test -> Files.delete(test.folder.resolve("photos/train/even/0.png"))),
        change(
            "a photo is replaced", PHOTOS, "cv:0.5", t -> t.picture("photos/train/even/0.png", 99)),
        change(
            "a class has another name",
            PHOTOS,
            "heldout:even",
            test ->
                Files.move(
                    test.folder.resolve("photos/train/even"),
                    test.folder.resolve("photos/train/straight"))),
        change(
            "two classes have each other's names",
            PHOTOS,
            "heldout:even",
            test -> {
              Path train = test.folder.resolve("photos/train");
              Files.move(train.resolve("even"), train.resolve("other"));
              Files.move(train.resolve("odd"), train.resolve("even"));
              Files.move(train.resolve("other"), train.resolve("odd"));
            }),
        change(
            "more labels are 1", ARRAY, "heldout:1", test -> test.arrays(i -> i < 10 ? 1 : i % 3)),
        change(
            "as many labels are 1, of other images",
            ARRAY,
            "heldout:1",
            test -> test.arrays(i -> (i + 1) % 3)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void recordsOfOtherDataAreRefused(String name, String data, String split, Change change)
      throws Exception {
    study(data, split);
    Call trained = call("run");
    assertThat(trained.code()).isZero();
    assertThat(trained.err()).doesNotContain("warning");
    Call before = call("status");
    assertThat(before.code()).isZero();
    assertThat(before.err()).isEmpty();
    change.make(this);

    Call plan = call("plan", "--quick");
    assertThat(call("status").code() + call("retry").code() + plan.code())
        .as("exit codes")
        .isEqualTo(unread(plan) ? 0 : 3);
    Call query = call("query", "select outcome from runs");
    assertThat(query.code()).isZero();
    assertThat(query.err()).startsWith("warning: ");

    for (String[] command : new String[][] {{"run"}, {"run", "--check"}, {"evaluate"}}) {
      Call refused =
          call(command[0], List.of(command).subList(1, command.length).toArray(String[]::new));
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err())
          .contains("belong to other data: ")
          .contains("Use another --results folder")
          .doesNotContain("stacktrace");
    }
    Call status = call("status");
    assertThat(status.code()).isEqualTo(1);
    assertThat(status.err()).contains("belong to other data: ");
    Call claims = call("claims");
    assertThat(claims.code()).isZero();
    assertThat(claims.err()).contains("belong to other data: ");
    Call elsewhere = Call.of(folder.resolve("cache"), words("run", "elsewhere"));
    boolean classIsGone = name.equals("a class has another name"); // which the study still names
    assertThat(elsewhere.code()).as("another folder").isEqualTo(classIsGone ? 2 : 0);
    if (classIsGone) {
      assertThat(elsewhere.err()).contains("even").contains("straight");
    }
  }

  /** Whether the files have changed, so that only reading the images gives the answer. */
  private static boolean unread(Call call) {
    return call.err().contains("'ratescope run' reads them");
  }

  private String[] words(String command, String results) {
    return new String[] {
      command,
      folder.resolve("study.yaml").toString(),
      "--results",
      folder.resolve(results).toString()
    };
  }

  @Test
  void theSameImagesInChangedFilesAreReadOnce() throws Exception {
    study(PHOTOS, "cv:0.5");
    assertThat(call("run").code()).isZero();
    Files.setLastModifiedTime(
        folder.resolve("photos/train/even/0.png"), FileTime.fromMillis(1_000_000));
    Call status = call("status");
    assertThat(status.code()).isZero();
    assertThat(status.err()).contains("the files have changed since the records");
    assertThat(call("run").code()).isZero();
    assertThat(call("status").err()).isEmpty();
  }

  @Test
  void recordsAreReadWhereTheDataAreNot() throws Exception {
    study(PHOTOS, "cv:0.5");
    assertThat(call("run").code()).isZero();
    Files.move(folder.resolve("photos"), folder.resolve("away"));
    for (String command : List.of("run", "status", "plan")) {
      Call call = call(command);
      assertThat(call.code()).as(command).isZero();
      assertThat(call.err()).contains("the data are not on this machine").contains("no such file");
    }
    Files.move(folder.resolve("away"), folder.resolve("photos"));
    assertThat(call("status").err()).isEmpty();
  }

  @Test
  void aReportOfOtherDataHasAWarning() throws Exception {
    study(PHOTOS, "cv:0.5");
    assertThat(call("run").code()).isZero();
    picture("photos/train/even/8.png", 9);
    Call report = call("report");
    assertThat(report.code()).isZero();
    assertThat(report.err()).contains("belong to other data: ");
  }

  static Stream<Arguments> damages() {
    String hash = "0".repeat(64);
    return Stream.of(
        Arguments.of("empty", (Damage) text -> ""),
        Arguments.of("garbage", (Damage) text -> "\u0000\u00ff\u00fe garbage"),
        Arguments.of("cut", (Damage) text -> text.substring(0, 30)),
        Arguments.of(
            "of other data", (Damage) text -> text.replace("name=train", "name=elsewhere")),
        Arguments.of("with a line of its own", (Damage) text -> text + "hello\n"),
        Arguments.of(
            "with a split that is none", (Damage) text -> text + "split " + hash + "  cv:2\n"));
  }

  /** Changes the text of a file. */
  interface Damage {
    String of(String text);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void aDamagedFingerprintIsNamedAndSetAside(String name, Damage damage) throws Exception {
    study(PHOTOS, "cv:0.5");
    assertThat(call("run").code()).isZero();
    Path file;
    try (Stream<Path> files = Files.list(folder.resolve("results/images"))) {
      file = files.findFirst().orElseThrow();
    }
    String whole = Files.readString(file);
    String damaged = damage.of(whole);
    Files.writeString(file, damaged, StandardCharsets.ISO_8859_1);

    study(PHOTOS.replace("}", "}\nseed: 1"), "cv:0.5"); // another run, so that images are opened
    Call run = call("run");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains(file + ": damaged; expected lines such as");
    assertThat(file).hasContent(whole);
    assertThat(file.resolveSibling(file.getFileName() + ".damaged-1"))
        .usingCharset(StandardCharsets.ISO_8859_1)
        .hasContent(damaged);
    assertThat(call("run").err()).doesNotContain("damaged");
  }
}
