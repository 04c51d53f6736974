#include "adapters/engines/line_channel.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "adapters/process_version.h"

namespace pingjia::adapters::engines {

void LineChannel::send(std::string_view line) {
  if (output_broken_) {
    return;
  }
  output_.append(line);
  output_.push_back('\n');
}

std::vector<std::string> LineChannel::exchange(int timeout_ms) {
  pollfd polls[2] = {{input_ended_ ? -1 : in_, POLLIN, 0}, {drained() ? -1 : out_, POLLOUT, 0}};
  const int ready = poll(polls, 2, timeout_ms);
  if (ready > 0 && polls[1].revents != 0) {
    write_some();
  }
  if (ready > 0 && polls[0].revents != 0) {
    read_some();
  }
  return take_lines();
}

void LineChannel::flush(int timeout_ms) {
  pollfd out{out_, POLLOUT, 0};
  while (!drained() && poll(&out, 1, timeout_ms) > 0) {
    write_some();
  }
}

void LineChannel::read_some() {
  char buffer[65536];
  const ssize_t count = read(in_, buffer, sizeof buffer);
  if (count > 0) {
    input_.append(buffer, static_cast<std::size_t>(count));
  } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
    input_ended_ = true;
  }
}

void LineChannel::write_some() {
  // A pipe that polls writable takes PIPE_BUF bytes without blocking, and no more for certain.
  pollfd again{out_, POLLOUT, 0};
  do {
    const std::size_t size = std::min<std::size_t>(output_.size() - written_, PIPE_BUF);
    const ssize_t count = write(out_, output_.data() + written_, size);
    if (count < 0 && errno != EINTR && errno != EAGAIN) {
      output_broken_ = true;
      written_ = output_.size();
    } else if (count > 0) {
      written_ += static_cast<std::size_t>(count);
    }
  } while (!drained() && poll(&again, 1, 0) > 0);
  if (drained()) {
    output_.clear();
    written_ = 0;
  }
}

std::vector<std::string> LineChannel::take_lines() {
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (;;) {
    const std::size_t end = input_.find('\n', std::max(start, scanned_));
    if (end == std::string::npos) {
      break;
    }
    if (!skipping_) {
      lines.push_back(input_.substr(start, end - start));
    }
    skipping_ = false;
    start = end + 1;
  }
  input_.erase(0, start);
  if (input_.size() > kLongestLine) {
    if (!skipping_) {
      lines.emplace_back("(a line of more than 16 MiB)");
    }
    skipping_ = true;
    input_.clear();
  }
  scanned_ = input_.size();
  if (input_ended_ && !input_.empty()) {
    if (!skipping_) {
      lines.push_back(std::move(input_));  // The last line may lack its newline.
    }
    input_.clear();
    scanned_ = 0;
  }
  return lines;
}

}  // namespace pingjia::adapters::engines
