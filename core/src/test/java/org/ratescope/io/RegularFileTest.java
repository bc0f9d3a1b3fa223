package org.ratescope.io;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ratescope.dataset.format.Idx;
import org.ratescope.dataset.format.Npy;
import org.ratescope.dataset.format.Npz;
import org.ratescope.dataset.hdf5.Hdf5;
import org.ratescope.dataset.picture.PictureFile;
import org.ratescope.study.StudyFile;

/** All code that opens the user's files refuses files that are not regular, without waiting. */
@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD) // an endless wait
class RegularFileTest {
  @TempDir Path folder;

  /** Opens a file of the user. */
  interface Opening {
    void of(Path file) throws Exception;
  }

  private static Stream<Opening> openings() {
    return Stream.of(
        RegularFile::require,
        PictureFile::size,
        PictureFile::decode,
        Npy::open,
        file -> Npz.open(file, "x"),
        Idx::open,
        file -> Hdf5.open(file, "x"),
        StudyFile::read);
  }

  private Path pipe() throws IOException, InterruptedException {
    Path pipe = folder.resolve("z.png");
    try {
      Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
      assumeThat(made.waitFor(10, TimeUnit.SECONDS) && made.exitValue() == 0).isTrue();
    } catch (IOException e) {
      assumeThat(e).as("no mkfifo here").isNull();
    }
    return pipe;
  }

  @ParameterizedTest
  @MethodSource("openings")
  void aNamedPipeIsRefused(Opening opening) throws Exception {
    Path pipe = pipe();
    assertThatThrownBy(() -> opening.of(pipe))
        .hasMessageStartingWith(pipe + ": ")
        .hasMessageEndingWith("a pipe, socket or device; expected a file");
    Path link = Files.createSymbolicLink(folder.resolve("link.npz"), pipe);
    assertThatThrownBy(() -> opening.of(link))
        .hasMessageEndingWith("a pipe, socket or device; expected a file");
  }

  @ParameterizedTest
  @MethodSource("openings")
  void aDeviceIsRefused(Opening opening) {
    Path zeros = Path.of("/dev/zero");
    assumeThat(zeros).exists();
    assertThatThrownBy(() -> opening.of(zeros))
        .hasMessageEndingWith("a pipe, socket or device; expected a file");
  }

  @ParameterizedTest
  @MethodSource("openings")
  void aSocketIsRefused(Opening opening) throws Exception {
    Path place = folder.resolve("s.npy");
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(place));
      assertThatThrownBy(() -> opening.of(place))
          .hasMessageEndingWith("a pipe, socket or device; expected a file");
    }
  }

  @Test
  void foldersFilesAndNothing() throws IOException {
    assertThatThrownBy(() -> RegularFile.require(folder))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(folder + ": a folder; expected a file");
    Path file = Files.createFile(folder.resolve("a"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    assertThatCode(() -> RegularFile.require(file)).doesNotThrowAnyException();
    assertThatCode(() -> RegularFile.require(link)).doesNotThrowAnyException();
    assertThatThrownBy(() -> RegularFile.require(folder.resolve("gone")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
