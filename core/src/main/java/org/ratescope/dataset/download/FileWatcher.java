package org.ratescope.dataset.download;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import org.ratescope.dataset.catalogue.KnownFile;

/** Tells a listener how a file's transfer goes, and stops it when the disk lacks space. */
final class FileWatcher implements ResumableTransfer.Watcher {
  private final KnownFile file;
  private final DatasetFolder folder;
  private final DownloadListener listener;
  private final String what;
  private long total;

  FileWatcher(KnownFile file, URI url, DatasetFolder folder, DownloadListener listener) {
    this.file = file;
    this.folder = folder;
    this.listener = listener;
    this.what = "%s from %s".formatted(file.name(), url.getHost());
    this.total = file.bytes();
  }

  @Override
  public void begun(long already, long announced) throws IOException {
    total = announced < 0 ? file.bytes() : announced;
    boolean packed = file.remoteName().endsWith(".gz");
    long needed = total - already + (packed ? file.bytes() : 0);
    requireSpace(needed, Files.getFileStore(folder.path()).getUsableSpace());
    listener.advanced(what, already, total);
  }

  static void requireSpace(long needed, long usable) throws IOException {
    if (!(usable >= needed)) {
      throw new IOException(
          "not enough disk space: %d bytes more are needed, %d are free".formatted(needed, usable));
    }
  }

  @Override
  public void advanced(long bytes) {
    listener.advanced(what, bytes, Math.max(bytes, total));
  }

  @Override
  public void noted(String message) {
    listener.noted(message);
  }
}
