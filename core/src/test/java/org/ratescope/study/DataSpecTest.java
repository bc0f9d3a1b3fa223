package org.ratescope.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        "images:a/my photos/,colour=grey,size=32 | images:name=my-photos,size=32,colour=grey | 1 32 32",
        "images:x,size=28x20,colour=rgb,name=y,fit=crop | images:name=y,size=28x20,colour=rgb,fit=crop | 3 28 20",
        "array:d/s.npz,key=imgs,labels=l,size=64,colour=grey,layout=nhw,white=1 | array:name=s,size=64,colour=grey,key=imgs,labels=l,layout=nhw,white=1 | 1 64 64",
        "hdf5:s.h5,key=a/b,size=64,colour=rgb | hdf5:name=s,size=64,colour=rgb,key=a/b | 3 64 64"
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
        "images:a,b,size=3,colour=grey",
        "images:a,size=0,colour=grey",
        "images:a,size=3,colour=blue",
        "images:a,size=3,colour=grey,key=x",
        "images:size=3,colour=grey",
        "images:a,size=3,colour=grey,name=with space",
        "hdf5:a.h5,size=3,colour=grey",
        "array:a.npz,key=a;b,size=3,colour=grey",
        "array:a.npz,white=256,size=3,colour=grey"
      })
  void wrongTextsAreRefused(String text) {
    assertThatThrownBy(() -> DataSpec.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("came '%s', allowed: ".formatted(text));
  }

  @Test
  void aMissingSettingIsNamed() {
    assertThatThrownBy(() -> DataSpec.parse("images:mess/,size=16"))
        .hasMessageStartingWith("came 'images:mess/,size=16' without colour, allowed: ");
    assertThatThrownBy(() -> DataSpec.parse("images:mess/,colour=grey"))
        .hasMessageStartingWith("came 'images:mess/,colour=grey' without size, allowed: ");
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cv",
        "cv:0",
        "cv:NaN",
        "checkerboard:1",
        "heldout:",
        "heldout:a b",
        "official:2"
      })
  void wrongSplitsAreRefused(String text) {
    assertThatThrownBy(() -> Split.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("came '%s', allowed: %s".formatted(text, Split.ALLOWED));
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
        "{images: photos/, size: 32, colour: grey} | images:name=photos,size=32,colour=grey",
        "{images: photos/, name: p, size: 28x20, colour: rgb, fit: stretch} | images:name=p,size=28x20,colour=rgb,fit=stretch",
        "{array: x.npz, key: imgs, labels: latents_values, white: 1, size: 64, colour: grey} | array:name=x,size=64,colour=grey,key=imgs,labels=latents_values,white=1",
        "{hdf5: x.h5, key: images, layout: nhwc, size: 64, colour: rgb} | hdf5:name=x,size=64,colour=rgb,key=images,layout=nhwc"
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
      assertThat(((OwnImages) read(data)).file()).hasValue(folder.resolve("my/photos"));
    }
    assertThat(((OwnImages) read("{images: /my/photos, size: 8, colour: grey}")).file())
        .hasValue(Path.of("/my/photos"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{size: 3} | data: came none of them, allowed: a group with one of the keys set, images, array, hdf5",
        "{images: a, hdf5: b} | data: came images and hdf5, allowed: a group with one of the keys set, images, array, hdf5",
        "{set: smallnorb, camera: 3} | data.camera: came 3 (whole number), allowed: 0, 1, both",
        "{set: 3dshapes, resolution: 48} | data.resolution: came 48 (whole number), allowed: 64, 32, 16",
        "{set: mnist, resolution: 28} | data.resolution: came an unknown key, allowed: set",
        "{images: a, colour: grey} | data.size: came nothing, allowed: PIXELS or HEIGHTxWIDTH, each 1 to 1024",
        "{images: a, size: 2000, colour: grey} | data.size: came 2000 (whole number), allowed: PIXELS or HEIGHTxWIDTH, each 1 to 1024",
        "{images: a, size: 8, colour: blue} | data.colour: came \"blue\" (text), allowed: grey, rgb",
        "{images: a, size: 8, colour: grey, key: x} | data.key: came an unknown key, allowed: images, name, size, colour, fit",
        "{hdf5: a, size: 8, colour: grey} | data.key: came nothing, allowed: 1 to 128 characters without comma, semicolon or white space",
        "{array: a, size: 8, colour: grey, white: 256} | data.white: came 256 (whole number), allowed: a whole number from 1 to 255",
        "{array: a, size: 8, colour: grey, layout: hwc} | data.layout: came \"hwc\" (text), allowed: nd, nhw, nhwc, nchw"
      })
  void wrongGroupsAreRefused(String group, String message) {
    assertThatThrownBy(() -> read(group))
        .isInstanceOf(StudyFileException.class)
        .hasMessage(folder.resolve("study.yaml") + ":1: " + message);
  }
}
