package org.ratescope.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The folder of native libraries must belong to the user of the process; otherwise it is refused.
 */
@Isolated("it sets a property of the process")
class NativeFolderTest {
  private static final String WAY_OUT = "Set RATESCOPE_CACHE to a folder that you own";

  @TempDir Path folder;
  private String before;

  @BeforeEach
  void choose() throws IOException {
    assumeThat(Files.getFileStore(folder).supportsFileAttributeView("posix")).isTrue();
    before = System.getProperty(NativeFolder.PROPERTY, "");
    System.setProperty(NativeFolder.PROPERTY, root().toString());
  }

  @AfterEach
  void restore() {
    System.setProperty(NativeFolder.PROPERTY, before);
  }

  private Path root() {
    return folder.resolve("a cache/native");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void setMode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static void refuses(String what) {
    assertThatThrownBy(() -> NativeFolder.of("x"))
        .isInstanceOf(NativeLibraryException.class)
        .hasMessageContaining(what)
        .hasMessageContaining(WAY_OUT)
        .message()
        .hasLineCount(1);
  }

  @Test
  void onlyTheOwnerHasAccess() throws IOException {
    assertThat(NativeFolder.of("x")).isEqualTo(root().resolve("x").toRealPath());
    assertThat(mode(root())).isEqualTo("rwx------");
    assertThat(mode(root().resolve("x"))).isEqualTo("rwx------");
    assertThat(NativeFolder.of("x")).as("again").isEqualTo(root().resolve("x").toRealPath());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwxrwx", "rwxrwx---", "rwxr-x-w-"})
  void aFolderThatOthersMayWriteIsRefused(String mode) throws IOException {
    NativeFolder.of("x");
    for (Path path : new Path[] {root().resolve("x"), root()}) {
      setMode(path, mode);
      refuses(
          "users other than its owner may write to the folder for native libraries "
              + path.toRealPath());
      setMode(path, "rwxr-xr-x");
      assertThat(NativeFolder.of("x")).as("others may read it").isDirectory();
    }
  }

  @Test
  void aFolderOfAnotherUserIsRefused() throws IOException {
    NativeFolder.of("x");
    for (Path path : new Path[] {root().resolve("x"), root()}) {
      Object owner = Files.getAttribute(path, "unix:uid");
      assumeThat(owner).as("only root gives files away").isEqualTo(0);
      Files.setAttribute(path, "unix:uid", 4711);
      refuses("belongs to user 4711, and this process runs as user 0");
      Files.setAttribute(path, "unix:uid", owner);
    }
  }

  @Test
  void aFolderThatOthersMayReplaceIsRefused() throws IOException {
    Path above = Files.createDirectory(folder.resolve("a cache"));
    setMode(above, "rwxrwxrwx");
    refuses("every user may write to " + above.toRealPath());

    Files.setAttribute(above, "unix:mode", 01777);
    assertThat(NativeFolder.of("x")).as("as the temporary folder is").isDirectory();
  }

  @Test
  void aFileInPlaceOfTheFolderIsNamed() throws IOException {
    Files.createFile(folder.resolve("a cache"));
    refuses("cannot be created");
  }

  @Test
  void aFolderThatCannotBeCreatedIsNamed() {
    assumeThat(System.getProperty("os.name").toLowerCase(Locale.ROOT)).isEqualTo("linux");
    System.setProperty(NativeFolder.PROPERTY, "/proc/native");
    refuses("the folder for native libraries /proc/native/x cannot be created: ");
  }
}
