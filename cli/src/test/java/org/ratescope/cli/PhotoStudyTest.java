package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.process.ExitCode;

/** Commands on images of the user's own. */
class PhotoStudyTest {
  @TempDir Path folder;

  private PhotoStudy photos;

  @BeforeEach
  void writeData() throws IOException {
    photos = new PhotoStudy(folder);
    photos.write();
  }

  /** Records do not say where images are; the study beside the results does. */
  @Test
  void codesOfARunAreThoseOfItsImages() throws Exception {
    photos.study(PhotoStudy.PHOTOS, "cv:0.5");
    assertThat(photos.call("run").code()).isZero();
    Path codes = folder.resolve("codes.npz");
    Call encoded = encode(codes);
    assertThat(encoded.code()).as(encoded.err()).isZero();
    assertThat(codes).isNotEmptyFile();
    assertThat(Files.readString(folder.resolve("codes.npz.croissant.json")))
        .contains("number of images: 8");

    // Studies that come before it in the folder: one with other images of the same name, one
    // without its images.
    photos.picture("elsewhere/photos/train/even/0.png", 7);
    for (String parent : List.of("elsewhere", "nowhere")) {
      Files.writeString(
          folder.resolve(parent + ".yaml"),
          Files.readString(folder.resolve("study.yaml"))
              .replace("images: photos", "images: %s/photos".formatted(parent)));
    }
    Call beside = encode(codes);
    assertThat(beside.code()).as(beside.err()).isZero();
    Files.delete(folder.resolve("elsewhere.yaml"));
    Files.delete(folder.resolve("nowhere.yaml"));

    photos.picture("photos/train/even/0.png", 200);
    Call changed = encode(codes);
    assertThat(changed.code()).isEqualTo(1);
    assertThat(changed.err())
        .containsPattern(
            "ratescope: run [0-9a-f]{16} was trained on other images; name the images to encode\n");

    Files.delete(folder.resolve("study.yaml"));
    assertThat(encode(codes).err()).contains("where these images are is not known");
  }

  private Call encode(Path codes) {
    return Call.of(
        folder.resolve("cache"),
        "encode",
        "",
        "--results",
        folder.resolve("results").toString(),
        "--out",
        codes.toString());
  }

  @Test
  void classesAreNamed() {
    String photos = "images:%s,size=8,colour=grey".formatted(folder.resolve("photos/train"));
    Call call =
        Call.of(folder.resolve("cache"), "data", "describe", photos, "--split", "heldout:odd");
    assertThat(call.out()).as(call.err()).containsPattern("classes +2: even, odd\n");
  }

  @Test
  void aPlanWithoutItsImagesIsRefused() throws Exception {
    photos.study(PhotoStudy.PHOTOS.replace("photos/train", "no-such-folder"), "cv:0.5");
    for (String[] more : List.of(new String[0], new String[] {"--quick"})) {
      Call plan = photos.call("plan", more);
      assertThat(plan.code()).isEqualTo(ExitCode.WRONG_CALL);
      assertThat(plan.err()).contains("no such file or folder").contains("no-such-folder");
      assertThat(plan.out()).isEmpty();
    }
  }

  @Test
  void aPlanOfASuiteSaysWhichImagesAreMissing() throws Exception {
    photos.study(PhotoStudy.PHOTOS, "cv:0.5");
    Path suite = Files.createDirectories(folder.resolve("two"));
    String text = Files.readString(folder.resolve("study.yaml"));
    Files.writeString(suite.resolve("suite.yaml"), "title: Two\n");
    Files.writeString(suite.resolve("a.yaml"), text.replace("photos/train", "../photos/train"));
    Files.writeString(suite.resolve("b.yaml"), text.replace("photos/train", "gone"));
    Call plan =
        Call.of(
            folder.resolve("cache"),
            "plan",
            suite.toString(),
            "--quick",
            "--results",
            folder.resolve("results").toString());
    assertThat(plan.code()).as(plan.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(plan.err().lines())
        .singleElement()
        .asString()
        .startsWith("warning: images:name=gone,")
        .contains("is not available, its runs stay missing: ");
    assertThat(plan.out()).containsPattern("runs +2\n");
  }

  @Test
  void skippedFilesAreToldWhereNothingIsToDo() throws Exception {
    photos.study(PhotoStudy.PHOTOS, "cv:0.5");
    Files.writeString(folder.resolve("photos/train/even/x.heic"), "");
    Files.writeString(folder.resolve("photos/train/odd/y.heic"), "");
    String told = "files skipped: 2 (2 .heic, such as even/x.heic)";
    for (String command : List.of("run", "run", "evaluate")) {
      Call call = photos.call(command);
      assertThat(call.code()).as(call.err()).isZero();
      assertThat(call.err()).as(command).containsOnlyOnce(told);
    }
  }

  @Test
  void namesThatAreOneAfterTheirSpecialCharactersAreToldApart() throws Exception {
    for (String name : List.of("a b", "a.b")) {
      for (int i = 0; i < 4; i++) {
        photos.picture(name + "/%d.png".formatted(i), 10 * i + name.charAt(1));
      }
    }
    photos.study("{images: a b, size: 8, colour: grey}", "cv:0.5");
    assertThat(photos.call("run").code()).isZero();
    photos.study("{images: a.b, size: 8, colour: grey}", "cv:0.5");
    Call refused = photos.call("run");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("belong to other data: ").contains("data.name");

    Path suite = Files.createDirectory(folder.resolve("suite"));
    for (String name : List.of("a b", "a.b")) {
      Files.writeString(
          suite.resolve(name.charAt(1) == ' ' ? "one.yaml" : "two.yaml"),
          Files.readString(folder.resolve("study.yaml"))
              .replace("images: a.b", "images: ../" + name));
    }
    Call both = Call.of(folder.resolve("cache"), "plan", suite.toString());
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err())
        .contains("studies one and two call the images in ")
        .contains("give one of them another name (data.name)")
        .doesNotContain("Exception");
  }

  @Test
  void fileNamesOutsideTheAlphabetTrainApart() throws Exception {
    for (String name : List.of("中文", "日本")) {
      photos.picture(name + "/0.png", name.hashCode() & 127);
      photos.picture(name + "/1.png", name.hashCode() & 63);
      photos.picture(name + "/2.png", name.hashCode() & 31);
      photos.picture(name + "/3.png", name.hashCode() & 15);
      photos.study("{images: %s, size: 8, colour: grey}".formatted(name), "cv:0.5");
      assertThat(photos.call("status").out()).contains("missing   1");
      assertThat(photos.call("run").code()).isZero();
      assertThat(photos.call("status").out()).contains("finished  1");
    }
  }
}
