package org.ratescope.spec.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.study.StudyFile;
import org.ratescope.yaml.StudyFileException;

/** Texts of data sets and splits, and the groups that stand for them in a study file. */
class DataSpecTest {
  @TempDir Path folder;

  /** The canonical texts are part of run ids: these must never change. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tetrominoes | tetrominoes:preset=published,shape=J,resolution=32 | 3 32 32",
        "tetrominoes:resolution=16 | tetrominoes:preset=published,shape=J,resolution=16 | 3 16 16",
        "mnist | mnist | 1 28 28",
        "fashion-mnist | fashion-mnist | 1 28 28",
        "smallnorb | smallnorb:camera=0,resolution=64 | 1 64 64",
        "smallnorb:resolution=96,camera=both | smallnorb:camera=both,resolution=96 | 1 96 96",
        "3dshapes | 3dshapes:resolution=64 | 3 64 64",
        "3dshapes:resolution=32 | 3dshapes:resolution=32 | 3 32 32",
        "rooms:colour=rgb,size=64 | rooms:size=64,colour=rgb | 3 64 64",
        "rooms:size=8x4,colour=grey,view=1 | rooms:size=8x4,colour=grey,view=1 | 1 8 4",
        "images:a/my photos/,colour=grey,size=32 | images:name=my-photos,size=32,colour=grey | 1 32"
            + " 32",
        "images:x,size=28x20,colour=rgb,name=y,fit=crop |"
            + " images:name=y,size=28x20,colour=rgb,fit=crop | 3 28 20",
        "array:d/s.npz,key=imgs,labels=l,size=64,colour=grey,layout=nhw,white=1 |"
            + " array:name=s,size=64,colour=grey,key=imgs,labels=l,layout=nhw,white=1 | 1 64 64",
        "hdf5:s.h5,key=a/b,size=64,colour=rgb | hdf5:name=s,size=64,colour=rgb,key=a/b | 3 64 64",
        "array:my file.NPY,size=8,colour=grey | array:name=my-file,size=8,colour=grey | 1 8 8",
        "array:\"a, b=c.npz\",key=\"big; key\",labels=y,size=8,colour=grey |"
            + " array:name=a--b-c,size=8,colour=grey,key=\"big\\u003b key\",labels=y | 1 8 8",
        "array:x.npy,labels=/abs/y.npy,size=8,colour=grey |"
            + " array:name=x,size=8,colour=grey,labels=/abs/y.npy | 1 8 8"
      })
  void canonicalTexts(String text, String canonical, String shape) {
    DataSpec spec = DataSpec.parse(text);
    assertThat(spec.text()).isEqualTo(canonical);
    assertThat(DataSpec.parse(canonical)).isEqualTo(spec).hasSameHashCodeAs(spec);
    assertThat("%d %d %d".formatted(spec.channels(), spec.height(), spec.width())).isEqualTo(shape);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mnist:camera=0",
        "mnist:x",
        "smallnorb:resolution=48",
        "smallnorb:camera=2",
        "3dshapes:resolution=64,resolution=64",
        "rooms:size=3,colour=grey,key=x",
        "rooms:size=3,colour=grey,view=-1",
        "Rooms:size=3,colour=grey",
        "rooms",
        "images:a,b,size=3,colour=grey",
        "images:a,size=0,colour=grey",
        "images:a,size=3,colour=blue",
        "images:a,size=3,colour=grey,key=x",
        "images:size=3,colour=grey",
        "images:a,size=3,colour=grey,name=with space",
        "hdf5:a.h5,size=3,colour=grey",
        "array:a.npz,key=a;b,size=3,colour=grey",
        "array:a.npz,white=256,size=3,colour=grey",
        "array:\"a.npz,key=x,size=3,colour=grey",
        "array:a.npz,key=\"x\"y,size=3,colour=grey"
      })
  void wrongTextsAreRefused(String text) {
    assertThatThrownBy(() -> DataSpec.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("got \"%s\"; expected ".formatted(text));
  }

  @Test
  void aMissingSettingIsNamed() {
    assertThatThrownBy(() -> DataSpec.parse("images:mess/,size=16"))
        .hasMessage("got \"images:mess/,size=16\" without colour; expected colour=grey|rgb too");
    assertThatThrownBy(() -> DataSpec.parse("images:mess/,colour=grey"))
        .hasMessageStartingWith("got \"images:mess/,colour=grey\" without size; expected ");
    assertThatThrownBy(() -> DataSpec.parse("images:mess/,siz=16,colour=grey"))
        .hasMessageStartingWith("got \"images:mess/,siz=16,colour=grey\"; expected only the")
        .hasMessageEndingWith(", not \"siz\" (did you mean size?)");
  }

  @Test
  void anUnknownNameIsCorrected() {
    assertThatThrownBy(() -> DataSpec.parse("mnits"))
        .hasMessageStartingWith("got \"mnits\"; expected tetrominoes, mnist, ")
        .hasMessageContaining("docs/data.md")
        .hasMessageEndingWith(" (did you mean mnist?)")
        .message()
        .hasSizeLessThan(300);
  }

  @ParameterizedTest
  @CsvSource({
    "default, default",
    "official, official",
    "checkerboard, checkerboard",
    "checkerboard:2, checkerboard",
    "checkerboard:5, checkerboard:5",
    "heldout:9, heldout:9",
    "heldout:big-cats, heldout:big-cats",
    "cv:0.10, cv:0.1",
    "cd:1, cd:1.0"
  })
  void splits(String text, String canonical) {
    assertThat(Split.parse(text).text()).isEqualTo(canonical);
    assertThat(Split.parse(canonical)).isEqualTo(Split.parse(text));
  }

  /** Whatever a class is called, its text comes back, and no separator of other texts is in it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "big cat",
        "a, b",
        "a;b",
        "x\"y",
        "\"quoted\"",
        "back\\slash",
        "tab\there",
        "two\nlines",
        " spaces at both ends ",
        "a: b",
        "a #b",
        "[a]",
        "{a: b}",
        "it's",
        "中文 名",
        "café",
        "🐈 cat",
        "nul\u0000",
        "line\u2028separator",
        "-1",
        "0",
        "a=b",
        "heldout:x",
        ""
      })
  void everyClassCanBeHeldOut(String name) throws IOException {
    Split split = new Split.HeldOut(name);
    assertThat(Split.parse(split.text())).isEqualTo(split);
    assertThat(split.text()).doesNotContain(";", "\n");
    String offered = "heldout:" + Split.HeldOut.offered(name);
    assertThat(Split.parse(offered)).isEqualTo(split);
    for (String list : new String[] {"[cv:0.5, %s]", "\n  - cv:0.5\n  - %s"}) {
      Path file = folder.resolve("study.yaml");
      Files.writeString(
          file,
          "data: mnist\nsplits: %s\narchitectures: [mlp:1x8]\nobjective: {beta: 1}\n"
              .formatted(list.formatted(offered)));
      assertThat(StudyFile.read(file).splits()).as(list).endsWith(split);
    }
    RunSpec run = StudyFile.read(folder.resolve("study.yaml")).runs().getLast();
    assertThat(run.split()).isEqualTo(split);
    assertThat(RunSpec.parse(run.canonical())).isEqualTo(run);
  }

  /** What was accepted before classes could be quoted has the text, and so the ids, of then. */
  @ParameterizedTest
  @CsvSource({
    "heldout:9, heldout:9",
    "heldout:a]b, heldout:a]b",
    "heldout:a:b, heldout:a:b",
    "heldout:café, heldout:café",
    "heldout:\"9\", heldout:9",
    "heldout:big cat, heldout:\"big cat\"",
    "heldout:\"big cat\", heldout:\"big cat\""
  })
  void textsOfHeldOutClasses(String text, String canonical) {
    assertThat(Split.parse(text).text()).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cv",
        "cv:0",
        "cv:NaN",
        "checkerboard:1",
        "heldout:",
        "heldout: a",
        "heldout:\"a",
        "heldout:\"a\"b",
        "heldout:\"a\\n\"",
        "official:2"
      })
  void wrongSplitsAreRefused(String text) {
    assertThatThrownBy(() -> Split.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("got \"%s\"; expected %s".formatted(text, Split.ALLOWED));
  }

  private DataSpec read(String data) throws IOException {
    Path file = folder.resolve("study.yaml");
    Files.writeString(
        file,
        "data: %s\nsplits: [cv:0.5]\narchitectures: [mlp:1x8]\nobjective: {beta: 1}\n"
            .formatted(data));
    return StudyFile.read(file).data();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mnist | mnist",
        "{set: fashion-mnist} | fashion-mnist",
        "{set: smallnorb, camera: both, resolution: 32} | smallnorb:camera=both,resolution=32",
        "{set: smallnorb, camera: 1} | smallnorb:camera=1,resolution=64",
        "{set: 3dshapes, resolution: 16} | 3dshapes:resolution=16",
        "{set: rooms, size: 16, colour: rgb} | rooms:size=16,colour=rgb",
        "{set: rooms, view: 2, size: 28x20, colour: grey} | rooms:size=28x20,colour=grey,view=2",
        "{images: photos/, size: 32, colour: grey} | images:name=photos,size=32,colour=grey",
        "{images: photos/, name: p, size: 28x20, colour: rgb, fit: stretch} |"
            + " images:name=p,size=28x20,colour=rgb,fit=stretch",
        "{array: x.npz, key: imgs, labels: latents_values, white: 1, size: 64, colour: grey} |"
            + " array:name=x,size=64,colour=grey,key=imgs,labels=latents_values,white=1",
        "{hdf5: x.h5, key: images, layout: nhwc, size: 64, colour: rgb} |"
            + " hdf5:name=x,size=64,colour=rgb,key=images,layout=nhwc"
      })
  void groupsOfAStudyFile(String group, String canonical) throws IOException {
    assertThat(read(group).text()).isEqualTo(canonical);
  }

  /** Paths count from the study file, not from where the program was called. */
  @Test
  void pathsAreBesideTheStudyFile() throws IOException {
    for (String data :
        new String[] {
          "{images: my/photos, size: 8, colour: grey}", "images:my/photos,size=8,colour=grey"
        }) {
      assertThat(((CustomImages) read(data)).file()).hasValue(folder.resolve("my/photos"));
    }
    assertThat(((CustomImages) read("{images: /my/photos, size: 8, colour: grey}")).file())
        .hasValue(Path.of("/my/photos"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{size: 3} | data: no data set; expected a mapping with one of the keys set, images, array,"
            + " hdf5",
        "{images: a, hdf5: b} | data: got both images and hdf5; expected a mapping with one of the"
            + " keys set, images, array, hdf5",
        "{set: smallnorb, camera: 3} | data.camera: got 3; expected 0, 1, both",
        "{set: 3dshapes, resolution: 48} | data.resolution: got 48; expected 64, 32, 16",
        "{set: rooms, size: 16} | data.colour: missing; expected grey, rgb",
        "{set: rooms, size: 0, colour: grey} | data.size: got 0; expected PIXELS or HEIGHTxWIDTH,"
            + " each 1 to 1024",
        "{set: rooms, size: 1, colour: blue} | data.colour: got \"blue\"; expected grey, rgb",
        "{set: rooms, size: 1, colour: rgb, view: x} | data.view: got \"x\"; expected a whole"
            + " number of at least 0",
        "{set: Rooms, size: 1, colour: rgb} | data.set: got \"Rooms\"; expected the name of a set"
            + " of your catalogue",
        "{set: mnist, resolution: 28} | data.resolution: unknown key; expected set",
        "{images: a, colour: grey} | data.size: missing; expected PIXELS or HEIGHTxWIDTH, each 1 to"
            + " 1024",
        "{images: a, size: 2000, colour: grey} | data.size: got 2000; expected PIXELS or"
            + " HEIGHTxWIDTH, each 1 to 1024",
        "{images: a, size: 8, colour: blue} | data.colour: got \"blue\"; expected grey, rgb",
        "{images: a, size: 8, colour: grey, key: x} | data.key: unknown key; expected images, name,"
            + " size, colour, fit",
        "{hdf5: a, size: 8, colour: grey} | data.key: missing; expected a name of 1 to 1024"
            + " characters",
        "{array: a, size: 8, colour: grey, white: 256} | data.white: got 256; expected a whole"
            + " number from 1 to 255",
        "{array: a, size: 8, colour: grey, layout: hwc} | data.layout: got \"hwc\"; expected nd,"
            + " nhw, nhwc, nchw (did you mean nhwc?)"
      })
  void wrongGroupsAreRefused(String group, String message) {
    assertThatThrownBy(() -> read(group))
        .isInstanceOf(StudyFileException.class)
        .hasMessage(folder.resolve("study.yaml") + ":1: " + message);
  }

  /** Names that paths suggest differ where the file names do. */
  @Test
  void namesOfFilesDoNotCollide() {
    List<String> files =
        List.of(
            "photos",
            "my photos",
            "中文",
            "日本",
            "--",
            "café",
            "cafè",
            "caf-",
            "x".repeat(64),
            "x".repeat(65),
            "x".repeat(66),
            "x".repeat(70) + "y",
            "é".repeat(80),
            "é".repeat(81));
    List<String> names = files.stream().map(file -> CustomImages.nameOf(Path.of(file))).toList();
    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[A-Za-z0-9_-]{1,64}"));
    assertThat(names).startsWith("photos", "my-photos").contains("x".repeat(64), "--");
  }
}
