# Homebrew: made by release/entries/fill.sh.
class Ratescope < Formula
  desc "Rate-distortion studies of variational autoencoders"
  homepage "@PAGE@"
  version "@VERSION@"
  license "Apache-2.0"

  depends_on "openjdk"

  on_macos do
    depends_on arch: :arm64
    url "@PAGE@/releases/download/v@VERSION@/ratescope-@VERSION@-macosx-arm64.tar.xz"
    sha256 "@SHA256:macosx-arm64.tar.xz@"
  end
  on_linux do
    depends_on arch: :x86_64
    url "@PAGE@/releases/download/v@VERSION@/ratescope-@VERSION@-linux-x86_64.tar.xz"
    sha256 "@SHA256:linux-x86_64.tar.xz@"
  end

  def install
    libexec.install Dir["*"]
    (bin/"ratescope").write_env_script libexec/"ratescope", Language::Java.overridable_java_home_env
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/ratescope --version")
  end
end
